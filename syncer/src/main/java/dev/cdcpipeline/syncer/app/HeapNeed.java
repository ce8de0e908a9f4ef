package dev.cdcpipeline.syncer.app;

import java.util.Optional;

/** Whether the heap fits what the settings allow the Syncer to hold (I7). */
final class HeapNeed {
    private static final int MIB = 1 << 20;

    /** The rest is for classes' data, Kafka's and the driver's buffers, and the collector. */
    private static final double SHARE = 0.6;

    private static final int STEP = 256;

    private HeapNeed() {}

    /**
     * What to tell the operator; empty if all is well.
     *
     * @param heapBytes how large the heap may grow
     */
    static Optional<String> warning(SyncerSettings settings, long heapBytes) {
        long queue = settings.queue().maxBytes().bytes();
        long batch = settings.batch().maxBytes().bytes();
        // What waits, and as much again that is kept for what will; each worker has a batch's
        // records and the rows made of them; the consumer two fetches.
        long most =
                2L * queue
                        + 2L * settings.workers() * batch
                        + 2L * KafkaProperties.fetchBytes(queue);
        if (most <= SHARE * heapBytes) {
            return Optional.empty();
        }
        return Optional.of(
                ("a queue of %d MiB (syncer.queue.max-bytes) and %d workers with batches of up to %d MiB"
                                + " (syncer.batch.max-bytes) may take %d MiB of a heap of %d MiB: give Java a"
                                + " larger one (CDC_JAVA_OPTS=-Xmx%dm), or lower them")
                        .formatted(
                                queue / MIB,
                                settings.workers(),
                                batch / MIB,
                                most / MIB,
                                heapBytes / MIB,
                                STEP * (long) Math.ceil(most / SHARE / MIB / STEP)));
    }
}
