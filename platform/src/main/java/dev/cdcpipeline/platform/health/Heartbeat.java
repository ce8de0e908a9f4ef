package dev.cdcpipeline.platform.health;

import dev.cdcpipeline.platform.health.HealthReport.HeartbeatStatus;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * The watchdog of a loop: the loop beats at every turn, and a turn that takes longer than the
 * deadline makes the service not live. Thread-safe.
 */
public final class Heartbeat implements AutoCloseable {
    private static final long NOT_WATCHED = Long.MIN_VALUE;

    private final String name;
    private final Duration deadline;
    private final LongSupplier nanoTime;
    private final AtomicLong lastBeat = new AtomicLong(NOT_WATCHED);

    Heartbeat(String name, Duration deadline, LongSupplier nanoTime) {
        this.name = name;
        this.deadline = deadline;
        this.nanoTime = nanoTime;
    }

    /** The loop has made a turn. */
    public void beat() {
        lastBeat.set(nanoTime.getAsLong());
    }

    /** The loop has ended as it should and is watched no more, until it beats again. */
    @Override
    public void close() {
        lastBeat.set(NOT_WATCHED);
    }

    HeartbeatStatus status() {
        long last = lastBeat.get();
        var silence =
                last == NOT_WATCHED
                        ? Duration.ZERO
                        : Duration.ofNanos(Math.max(0, nanoTime.getAsLong() - last));
        return new HeartbeatStatus(name, silence, deadline);
    }
}
