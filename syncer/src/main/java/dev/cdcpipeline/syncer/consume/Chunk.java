package dev.cdcpipeline.syncer.consume;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

import java.util.List;

/** Records of one partition that one poll returned. */
record Chunk(Claim claim, List<ConsumerRecord<byte[], byte[]>> records) {
    /** What a record costs in memory besides its bytes; measured, roundly. */
    private static final long OVERHEAD = 200;

    /** Roughly the memory that a record holds, in bytes. */
    static long bytes(ConsumerRecord<byte[], byte[]> record) {
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
