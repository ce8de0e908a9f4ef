package dev.cdcpipeline.syncer.consume;

import dev.cdcpipeline.syncer.plan.Records;

import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.jspecify.annotations.Nullable;

/**
 * Consecutive records of one partition that one poll returned.
 *
 * @param claim the partition
 * @param records the records; none where Kafka had only offsets without records
 * @param end the offset after them, and after those that hold no record: markers of transactions,
 *     records of transactions that were aborted; null where further records come first
 */
record Chunk(Claim claim, Records records, @Nullable OffsetAndMetadata end) {
    /** What a chunk without records costs in memory; measured, roundly. */
    private static final long OVERHEAD = 200;

    /** Roughly the memory that it takes. */
    long bytes() {
        return records.isEmpty() ? OVERHEAD : records.bytes();
    }

    /**
     * The first records, as many as may be: the first in any case, further ones within both bounds.
     */
    Chunk first(int most, long mostBytes) {
        int count = Math.max(1, Math.min(most, records.fitting(mostBytes)));
        return count >= records.size() ? this : new Chunk(claim, records.first(count), null);
    }

    /** What comes after the first records, of which there are more. */
    Chunk without(Chunk first) {
        return new Chunk(claim, records.after(first.records.size()), end);
    }
}
