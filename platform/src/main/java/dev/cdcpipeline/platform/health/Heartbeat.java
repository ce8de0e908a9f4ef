package dev.cdcpipeline.platform.health;

import dev.cdcpipeline.platform.health.HealthReport.LoopState;
import dev.cdcpipeline.platform.health.HealthReport.LoopStatus;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;

/**
 * The watchdog of a loop: the loop beats at every turn, and a turn that takes longer than the
 * deadline makes the service not live. Whoever asks for the health finds it; the first one to do so
 * puts into the log where the loop hangs. Thread-safe.
 */
public final class Heartbeat implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Heartbeat.class);

    private final String name;
    private final Duration deadline;
    private final LongSupplier nanoTime;
    private final AtomicReference<@Nullable Beat> last = new AtomicReference<>();
    private final AtomicReference<@Nullable Beat> told = new AtomicReference<>();

    /** The last turn, and the thread that made it. */
    private record Beat(long at, Thread thread) {}

    Heartbeat(String name, Duration deadline, LongSupplier nanoTime) {
        this.name = name;
        this.deadline = deadline;
        this.nanoTime = nanoTime;
    }

    /** The loop has made a turn, on the calling thread. */
    public void beat() {
        last.set(new Beat(nanoTime.getAsLong(), Thread.currentThread()));
        if (told.get() != null && told.getAndSet(null) != null) {
            log.info("{} is making progress again", name);
        }
    }

    /** The loop has ended, or waits as it should, and is watched no more, until it beats again. */
    @Override
    public void close() {
        last.set(null);
    }

    LoopStatus status() {
        Beat beat = last.get();
        if (beat == null) {
            return status(Duration.ZERO, LoopState.TURNING, null);
        }
        var silence = Duration.ofNanos(Math.max(0, nanoTime.getAsLong() - beat.at()));
        if (silence.compareTo(deadline) <= 0) {
            return status(silence, LoopState.TURNING, null);
        }
        var where = beat.thread().getStackTrace();
        if (!beat.equals(told.getAndSet(beat))) {
            tell(silence, where);
        }
        return status(silence, LoopState.STUCK, Hang.at(where));
    }

    private LoopStatus status(Duration silence, LoopState state, @Nullable String reason) {
        return new LoopStatus(name, state, silence.toSeconds(), deadline.toSeconds(), reason);
    }

    private void tell(Duration silence, StackTraceElement[] where) {
        var hang = new IllegalStateException("what it is doing now");
        hang.setStackTrace(where);
        log.error(
                "{} has made no turn for {} s, more than {} s: the service is not live",
                name,
                silence.toSeconds(),
                deadline.toSeconds(),
                hang);
    }
}
