package dev.cdcpipeline.syncer.app;

import dev.cdcpipeline.platform.retry.Sleeper;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The wish to end at once, which also ends waits between attempts. Thread-safe. */
final class StopSignal implements Sleeper {
    private final CountDownLatch requested = new CountDownLatch(1);

    void request() {
        requested.countDown();
    }

    boolean isRequested() {
        return requested.getCount() == 0;
    }

    @Override
    public void sleep(Duration duration) throws InterruptedException {
        if (requested.await(duration.toNanos(), TimeUnit.NANOSECONDS)) {
            throw new InterruptedException("the service ends");
        }
    }
}
