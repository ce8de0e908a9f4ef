package dev.cdcpipeline.cli;

import dev.cdcpipeline.platform.config.HttpSettings;
import dev.cdcpipeline.platform.config.LogSettings;
import dev.cdcpipeline.platform.config.ShutdownSettings;
import dev.cdcpipeline.platform.health.Health;
import dev.cdcpipeline.platform.lifecycle.ExitCode;
import dev.cdcpipeline.platform.lifecycle.Service;
import dev.cdcpipeline.platform.lifecycle.ServiceRunner;
import dev.cdcpipeline.platform.logging.Logging;

import io.micrometer.core.instrument.MeterRegistry;

import java.io.IOException;
import java.util.function.BiFunction;

/**
 * What surrounds a service in its process: logs, metrics, health, the HTTP endpoint, signals.
 *
 * @param name what the service is called
 * @param log how it logs
 * @param http where it serves metrics and health
 * @param shutdown how long it may take to stop
 */
record Surroundings(String name, LogSettings log, HttpSettings http, ShutdownSettings shutdown) {

    /**
     * Runs the service until it ends, fails or is told to stop.
     *
     * @param service makes the service out of what it reports to
     * @throws IOException if the HTTP endpoint cannot listen
     */
    ExitCode run(BiFunction<MeterRegistry, Health, Service> service)
            throws IOException, InterruptedException {
        Logging.configure(log, name);
        try (var observed = new Observed(name, http)) {
            Service made = service.apply(observed.metrics().registry(), observed.health());
            return new ServiceRunner(shutdown).run(name, made);
        }
    }
}
