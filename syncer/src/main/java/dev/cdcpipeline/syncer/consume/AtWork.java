package dev.cdcpipeline.syncer.consume;

import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * What a worker is at: which partitions, since when it has got on with none of them, and what was
 * last in its way. Written by the worker, read by any thread.
 */
final class AtWork {
    private final LongSupplier nanoTime;
    private volatile List<TopicPartition> partitions = List.of();
    private volatile long since;
    private volatile boolean patient;
    private volatile @Nullable String trouble;

    AtWork(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** A batch begins. */
    void begins(Batch batch) {
        trouble = null;
        patient = false;
        since = nanoTime.getAsLong();
        partitions = batch.records().keySet().stream().map(Claim::partition).toList();
    }

    /** A transaction begins. */
    void writes(boolean sweeps) {
        patient = sweeps;
    }

    /** A part of the batch is written. */
    void getsOn() {
        trouble = null;
        patient = false;
        since = nanoTime.getAsLong();
    }

    /** An attempt failed. */
    void isHindered(Exception by) {
        trouble = String.valueOf(by.getMessage());
    }

    /** The batch is done. */
    void rests() {
        partitions = List.of();
    }

    /** The partitions; none while it rests. */
    List<TopicPartition> partitions() {
        return partitions;
    }

    /** Returns whether it sweeps a table, which may take long. */
    boolean isPatient() {
        return patient;
    }

    /** For how long it has got on with none; zero while it rests. */
    Duration standsFor() {
        return partitions.isEmpty()
                ? Duration.ZERO
                : Duration.ofNanos(Math.max(0, nanoTime.getAsLong() - since));
    }

    /** What was last in its way; null if nothing. */
    @Nullable String trouble() {
        return trouble;
    }
}
