package dev.cdcpipeline.platform.retry;

import java.time.Duration;

/** Hears of attempts that failed; for logs, metrics and health. */
public interface RetryListener {
    /** Hears nothing. */
    RetryListener NONE = (what, attempt, cause, wait) -> {};

    /**
     * An attempt failed and will be repeated.
     *
     * @param what the name of what is tried
     * @param attempt its number, from 1
     * @param cause why it failed
     * @param wait how long the retry waits now
     */
    void waiting(String what, int attempt, Throwable cause, Duration wait);

    /**
     * It works again: an attempt after failed ones went well.
     *
     * @param what the name of what was tried
     * @param attempt its number, from 2
     */
    default void recovered(String what, int attempt) {}
}
