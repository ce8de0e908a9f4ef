package dev.cdcpipeline.platform.config;

import java.time.Duration;

/**
 * How the service stops.
 *
 * @param deadline how long draining may take after a signal
 */
public record ShutdownSettings(
        @Description(
                        "How long a stop may take to write and confirm what is in flight; after it the"
                                + " process ends with exit code 4. Nothing is lost then: the rest is delivered again.")
                @Default("30s")
                @Range(min = "1s", max = "1h")
                Duration deadline) {}
