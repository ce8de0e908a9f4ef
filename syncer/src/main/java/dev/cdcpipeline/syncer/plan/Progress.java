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
 */
public record Progress(PartitionId partition, long nextOffset, @Nullable Position position) {}
