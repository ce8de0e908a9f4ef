package dev.cdcpipeline.syncer.app;

import java.util.Optional;

/** Whether the heap fits what the settings allow the Syncer to hold (I7). */
final class HeapNeed {
    private static final int MIB = 1 << 20;

    /** The rest is for classes' data, Kafka's and the driver's buffers, and the collector. */
    private static final double SHARE = 2.0 / 3;

    /**
     * The largest document of MongoDB, which may be the last that fits in somewhere: one in the
     * queue, and one that a poll had no more room for.
     */
    private static final long OVER_THE_BOUNDS = 2L * (16 << 20);

    private static final int STEP = 256;

    private HeapNeed() {}

    /**
     * What to tell the operator; empty if all is well.
     *
     * @param brokers how many Kafka has
     * @param heapBytes how large the heap may grow
     */
    static Optional<String> warning(SyncerSettings settings, int brokers, long heapBytes) {
        long queue = settings.queue().maxBytes().bytes();
        long batch = settings.batch().maxBytes().bytes();
        long fetch = Syncer.kafka(settings).fetchBytes();
        // What waits, and as much again that is kept for what will; each worker has a batch's
        // records and the rows made of them; the consumer a fetch of each broker, and what it makes
        // of them for one poll, which is never more than half of the queue.
        long most =
                2L * queue
                        + 2L * settings.workers() * batch
                        + (long) brokers * fetch
                        + queue / 2
                        + OVER_THE_BOUNDS;
        if (most <= SHARE * heapBytes) {
            return Optional.empty();
        }
        return Optional.of(
                ("a queue of %d MiB (syncer.queue.max-bytes), %d workers with batches of up to %d MiB"
                                + " (syncer.batch.max-bytes) and fetches of up to %d MiB from %d brokers may take"
                                + " %d MiB of a heap of %d MiB: give Java a larger one"
                                + " (CDC_JAVA_OPTS=-Xmx%dm), or lower the first two")
                        .formatted(
                                queue / MIB,
                                settings.workers(),
                                batch / MIB,
                                fetch / MIB,
                                brokers,
                                most / MIB,
                                heapBytes / MIB,
                                STEP * (long) Math.ceil(most / SHARE / MIB / STEP)));
    }
}
