package dev.cdcpipeline.syncer.plan;

import dev.cdcpipeline.model.Version;

import org.jspecify.annotations.Nullable;

/**
 * How far a partition has been applied; what the ledger says of it.
 *
 * @param partition the partition
 * @param nextOffset the offset of the first record that is not applied yet
 * @param stretch what was surely applied, so that it is skipped when it comes again; null while no
 *     record belonged to a stream
 * @param newestRemoval the highest version of a delete or a sweep: a change of a lower one may be
 *     of a row that is gone (I3)
 * @param leaderEpoch Kafka's leader epoch of the last record applied, {@link #UNKNOWN_EPOCH} if not
 *     known: tells whether the log was cut and has other records at these offsets now (KIP-320, I5)
 */
public record Progress(
        PartitionId partition,
        long nextOffset,
        @Nullable Stretch stretch,
        Version newestRemoval,
        int leaderEpoch) {

    /** No record told its leader epoch. */
    public static final int UNKNOWN_EPOCH = -1;

    /** A progress without deletes and without a leader epoch. */
    public Progress(PartitionId partition, long nextOffset, @Nullable Stretch stretch) {
        this(partition, nextOffset, stretch, Version.ZERO, UNKNOWN_EPOCH);
    }

    /** Whether nothing was ever applied of the partition, as far as the ledger tells. */
    public boolean isNew() {
        return stretch == null && leaderEpoch == UNKNOWN_EPOCH;
    }

    /**
     * Passes over offsets of which no record was applied: whatever they had, it may be missing.
     *
     * @param epoch the leader epoch there
     */
    public Progress passTo(long offset, int epoch) {
        return new Progress(
                partition, offset, stretch == null ? null : stretch.broken(), newestRemoval, epoch);
    }
}
