package dev.cdcpipeline.syncer.consume;

import dev.cdcpipeline.platform.retry.Retry;
import dev.cdcpipeline.syncer.deadletter.DeadLetterRate;
import dev.cdcpipeline.syncer.deadletter.DeadLetters;
import dev.cdcpipeline.syncer.plan.Planner;
import dev.cdcpipeline.syncer.write.BatchStore;

import java.util.UUID;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;

/**
 * What a worker does with a batch.
 *
 * @param planner makes a planner for each worker
 * @param store where the plans go
 * @param deadLetters where bad records go; tries again by itself
 * @param rate how many there may be
 * @param retry for the store
 * @param partitions the number of partitions of a topic
 */
public record Writing(
        Supplier<Planner> planner,
        BatchStore store,
        DeadLetters deadLetters,
        DeadLetterRate rate,
        Retry retry,
        ToIntFunction<UUID> partitions) {}
