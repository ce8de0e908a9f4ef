package dev.cdcpipeline.platform.config;

import io.smallrye.config.WithDefault;

import java.time.Duration;

/** How to try again: wait {@code initial}, then {@code multiplier} times as long each time. */
public interface RetrySettings {

    /** The wait before the second attempt, before jitter. */
    @Description("Wait before the second attempt.")
    @WithDefault("100ms")
    @Range(min = "1ms", max = "1h")
    @NotAbove("max")
    Duration initial();

    /** No wait exceeds this, jitter included. */
    @Description("No wait is longer than this, jitter included.")
    @WithDefault("30s")
    @Range(min = "1ms", max = "1h")
    Duration max();

    /** The factor from one wait to the next. */
    @Description("Factor from one wait to the next.")
    @WithDefault("2.0")
    @Range(min = "1", max = "10")
    double multiplier();

    /** The share of a wait that is random: 0.2 makes 8 to 12 s out of 10 s. */
    @Description(
            "Random share of a wait: 0.2 makes 8 to 12 s out of 10 s, so that many clients"
                    + " do not return at once.")
    @WithDefault("0.2")
    @Range(min = "0", max = "1")
    double jitter();

    /** How often to try in all; 0 is unlimited. */
    @Description("How often to try in all before the service stops; 0 never gives up.")
    @WithDefault("0")
    @Range(min = "0", max = "1000000")
    int maxAttempts();
}
