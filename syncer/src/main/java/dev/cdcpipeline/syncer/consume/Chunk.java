package dev.cdcpipeline.syncer.consume;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

import java.util.List;

/**
 * Consecutive records of one partition that one poll returned.
 *
 * @param claim the partition
 * @param records the records, at least one
 * @param bytes roughly the memory that they hold
 */
record Chunk(Claim claim, List<ConsumerRecord<byte[], byte[]>> records, long bytes) {
    /** What a record costs in memory besides its bytes; measured, roundly. */
    private static final long OVERHEAD = 200;

    static Chunk of(Claim claim, List<ConsumerRecord<byte[], byte[]>> records) {
        long bytes = 0;
        for (ConsumerRecord<byte[], byte[]> record : records) {
            bytes += bytes(record);
        }
        return new Chunk(claim, records, bytes);
    }

    /**
     * The first records, as many as may be: the first in any case, further ones within both bounds.
     */
    Chunk first(int most, long mostBytes) {
        if (records.size() <= most && bytes <= mostBytes) {
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
        return new Chunk(claim, records.subList(0, count), taken);
    }

    /** What comes after the first records, of which there are more. */
    Chunk without(Chunk first) {
        int from = first.records.size();
        return new Chunk(claim, records.subList(from, records.size()), bytes - first.bytes);
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
