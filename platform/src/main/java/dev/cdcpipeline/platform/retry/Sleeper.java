package dev.cdcpipeline.platform.retry;

import java.time.Duration;

/** How to wait. A service gives one that its stop ends early. */
@FunctionalInterface
public interface Sleeper {
    /** Waits on the thread. */
    Sleeper THREAD = Thread::sleep;

    /**
     * Waits.
     *
     * @throws InterruptedException if the wait is to end without another attempt
     */
    void sleep(Duration duration) throws InterruptedException;
}
