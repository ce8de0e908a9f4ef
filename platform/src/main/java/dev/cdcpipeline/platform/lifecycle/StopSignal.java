package dev.cdcpipeline.platform.lifecycle;

import dev.cdcpipeline.platform.retry.Sleeper;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The wish to stop, which also ends waits between attempts. Thread-safe. */
public final class StopSignal implements Sleeper {
    private final CountDownLatch requested = new CountDownLatch(1);

    /** Asks to stop; once is enough. */
    public void request() {
        requested.countDown();
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
