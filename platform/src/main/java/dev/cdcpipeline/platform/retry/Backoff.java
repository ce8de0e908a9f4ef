package dev.cdcpipeline.platform.retry;

import dev.cdcpipeline.platform.config.RetrySettings;

import java.time.Duration;

/** Retry settings given by the program instead of by a file; see {@link RetrySettings}. */
public record Backoff(
        Duration initial, Duration max, double multiplier, double jitter, int maxAttempts)
        implements RetrySettings {}
