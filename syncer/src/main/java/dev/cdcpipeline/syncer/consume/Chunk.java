package dev.cdcpipeline.syncer.consume;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * Consecutive records of one partition that one poll returned.
 *
 * @param claim the partition
 * @param records the records; none where Kafka had only offsets without records
 * @param bytes roughly the memory that they hold
 * @param end the offset after them, and after those that hold no record: markers of transactions,
 *     records of transactions that were aborted; null where further records come first
 */
record Chunk(
        Claim claim,
        List<ConsumerRecord<byte[], byte[]>> records,
        long bytes,
        @Nullable OffsetAndMetadata end) {
    /** What a record costs in memory besides its bytes; measured, roundly. */
    private static final long OVERHEAD = 200;

    static Chunk of(
            Claim claim,
            List<ConsumerRecord<byte[], byte[]>> records,
            @Nullable OffsetAndMetadata end) {
        long bytes = records.isEmpty() ? OVERHEAD : 0;
        for (ConsumerRecord<byte[], byte[]> record : records) {
            bytes += bytes(record);
        }
        return new Chunk(claim, records, bytes, end);
    }

    /**
     * The first records, as many as may be: the first in any case, further ones within both bounds.
     */
    Chunk first(int most, long mostBytes) {
        if (records.isEmpty() || (records.size() <= most && bytes <= mostBytes)) {
            return this;
        }
        int count = 1;
        long taken = bytes(records.getFirst());
        while (count < Math.min(most, records.size())) {
            long more = bytes(records.get(count));
            if (taken + more > mostBytes) {
                break;
            }
            taken += more;
            count++;
        }
        return new Chunk(claim, records.subList(0, count), taken, null);
    }

    /** What comes after the first records, of which there are more. */
    Chunk without(Chunk first) {
        int from = first.records.size();
        return new Chunk(claim, records.subList(from, records.size()), bytes - first.bytes, end);
    }

    private static long bytes(ConsumerRecord<byte[], byte[]> record) {
        long bytes =
                OVERHEAD
                        + Math.max(0, record.serializedKeySize())
                        + Math.max(0, record.serializedValueSize());
        for (Header header : record.headers()) {
            byte[] value = header.value();
            bytes += value == null ? 0 : value.length;
        }
        return bytes;
    }
}
