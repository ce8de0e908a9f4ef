package dev.cdcpipeline.platform.lifecycle;

import dev.cdcpipeline.platform.retry.Sleeper;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The wish to stop, which also ends waits between attempts; somebody's, or that of a thread which
 * died and whose work nobody else does. Thread-safe.
 */
public final class StopSignal implements Sleeper {
    private final CountDownLatch requested = new CountDownLatch(1);
    private final AtomicReference<@Nullable Throwable> death = new AtomicReference<>();

    /** Asks to stop; once is enough. */
    public void request() {
        requested.countDown();
    }

    /** Asks to stop because a thread has died of this; the first one stands. */
    public void died(Throwable cause) {
        death.compareAndSet(null, cause);
        request();
    }

    /**
     * Returns if no thread has died.
     *
     * @throws Exception or an {@link Error}: what one has died of
     */
    public void requireNoDeath() throws Exception {
        switch (death.get()) {
            case null -> {
                // All are well.
            }
            case Exception exception -> throw exception;
            case Error error -> throw error;
            case Throwable other -> throw new IllegalStateException(other);
        }
    }

    /** Whether a stop was asked for. */
    public boolean isRequested() {
        return requested.getCount() == 0;
    }

    /**
     * Goes on only if nobody asked to stop.
     *
     * @throws InterruptedException when a stop was asked for
     */
    public void check() throws InterruptedException {
        if (isRequested()) {
            throw new InterruptedException("asked to stop");
        }
    }

    @Override
    public void sleep(Duration duration) throws InterruptedException {
        if (requested.await(duration.toNanos(), TimeUnit.NANOSECONDS)) {
            check();
        }
    }
}
