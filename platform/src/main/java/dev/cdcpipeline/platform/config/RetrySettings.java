package dev.cdcpipeline.platform.config;

import java.time.Duration;

/**
 * How to try again: wait {@code initial}, then {@code multiplier} times as long each time.
 *
 * @param initial the wait before the second attempt, before jitter
 * @param max no wait exceeds this, jitter included
 * @param multiplier the factor from one wait to the next
 * @param jitter the share of a wait that is random: 0.2 makes 8 to 12 s out of 10 s.
 * @param maxAttempts how often to try in all; 0 is unlimited
 */
public record RetrySettings(
        @Description("Wait before the second attempt.")
                @Default("100ms")
                @Range(min = "1ms", max = "1h")
                @NotAbove("max")
                Duration initial,
        @Description("No wait is longer than this, jitter included.")
                @Default("30s")
                @Range(min = "1ms", max = "1h")
                Duration max,
        @Description("Factor from one wait to the next.")
                @Default("2.0")
                @Range(min = "1", max = "10")
                double multiplier,
        @Description(
                        "Random share of a wait: 0.2 makes 8 to 12 s out of 10 s, so that many clients"
                                + " do not return at once.")
                @Default("0.2")
                @Range(min = "0", max = "1")
                double jitter,
        @Description("How often to try in all before the service stops; 0 never gives up.")
                @Default("0")
                @Range(min = "0", max = "1000000")
                int maxAttempts) {}
