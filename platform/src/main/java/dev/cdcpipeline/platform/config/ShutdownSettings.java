package dev.cdcpipeline.platform.config;

import io.smallrye.config.WithDefault;

import java.time.Duration;

/** How the service stops. */
public interface ShutdownSettings {

    /** How long draining may take after a signal. */
    @Description(
            "How long a stop may take to write and confirm what is in flight; after it the"
                    + " process ends with exit code 4. Nothing is lost then: the rest is delivered again.")
    @WithDefault("30s")
    @Range(min = "1s", max = "1h")
    Duration deadline();
}
