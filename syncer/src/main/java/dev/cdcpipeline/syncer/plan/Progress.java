package dev.cdcpipeline.syncer.plan;

import dev.cdcpipeline.model.Position;

import org.jspecify.annotations.Nullable;

/**
 * How far a partition has been applied; what the ledger says of it.
 *
 * @param partition the partition
 * @param nextOffset the offset of the first record that is not applied yet
 * @param position the highest position applied; records at or before it are re-deliveries (I3);
 *     null while none had one
 * @param leaderEpoch Kafka's leader epoch of the last record applied, {@link #UNKNOWN_EPOCH} if not
 *     known: tells whether the log was cut and has other records at these offsets now (KIP-320, I5)
 */
public record Progress(
        PartitionId partition, long nextOffset, @Nullable Position position, int leaderEpoch) {

    /** No record told its leader epoch. */
    public static final int UNKNOWN_EPOCH = -1;

    /** A progress without a leader epoch. */
    public Progress(PartitionId partition, long nextOffset, @Nullable Position position) {
        this(partition, nextOffset, position, UNKNOWN_EPOCH);
    }
}
