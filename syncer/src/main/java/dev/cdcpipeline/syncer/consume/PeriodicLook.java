package dev.cdcpipeline.syncer.consume;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Looks at the open claims every so often, on a thread of its own, so that a server that does not
 * answer never holds up the poll loop.
 */
final class PeriodicLook implements AutoCloseable {
    private final Look look;
    private final Duration interval;
    private final LongSupplier nanoTime;
    private final ExecutorService thread;
    private Future<?> underWay = CompletableFuture.completedFuture(null);
    private long last;

    /** What is looked at. It reports what it finds, and throws nothing. */
    @FunctionalInterface
    interface Look {
        /** Looks now, on the calling thread. */
        void look(Collection<Claim> open);
    }

    /**
     * @param threadName the name of the thread
     * @param look what it does
     * @param interval the time between two looks
     * @param nanoTime the time
     */
    PeriodicLook(String threadName, Look look, Duration interval, LongSupplier nanoTime) {
        this.look = look;
        this.interval = interval;
        this.nanoTime = nanoTime;
        this.thread =
                Executors.newSingleThreadExecutor(
                        Thread.ofPlatform().name(threadName).daemon().factory());
        this.last = nanoTime.getAsLong();
    }

    /**
     * Returns at once.
     *
     * @param claims gives those that are open, if they are to be looked at
     */
    void lookIfDue(Supplier<List<Claim>> claims) {
        long now = nanoTime.getAsLong();
        // A look waits for its server when that is down: they must not queue up.
        if (now - last >= interval.toNanos() && underWay.isDone()) {
            last = now;
            List<Claim> open = claims.get();
            underWay = thread.submit(() -> look.look(open));
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
