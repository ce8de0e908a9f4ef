package dev.cdcpipeline.cli;

import dev.cdcpipeline.platform.config.HttpSettings;
import dev.cdcpipeline.platform.config.LogSettings;
import dev.cdcpipeline.platform.config.ShutdownSettings;
import dev.cdcpipeline.platform.health.Health;
import dev.cdcpipeline.platform.lifecycle.ExitCode;
import dev.cdcpipeline.platform.lifecycle.Service;
import dev.cdcpipeline.platform.lifecycle.ServiceRunner;
import dev.cdcpipeline.platform.logging.Logging;
import dev.cdcpipeline.platform.status.Progress;

import io.micrometer.core.instrument.MeterRegistry;

import java.io.IOException;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * What surrounds a service in its process: logs, metrics, health, the HTTP endpoint, signals.
 *
 * @param name what the service is called
 * @param log how it logs
 * @param http where it serves metrics and health
 * @param shutdown how long it may take to stop
 */
record ServiceHost(String name, LogSettings log, HttpSettings http, ShutdownSettings shutdown) {

    /**
     * Runs the service until it ends, fails or is told to stop.
     *
     * @param service creates the service with what it reports to
     * @param progress reads from its meters how far it has got
     * @throws IOException if the HTTP endpoint cannot listen
     */
    ExitCode run(
            BiFunction<MeterRegistry, Health, Service> service,
            Function<MeterRegistry, Progress> progress)
            throws IOException, InterruptedException {
        Logging.configure(log, name);
        try (var endpoint = new ManagementEndpoint(name, http, progress)) {
            Service created = service.apply(endpoint.metrics().registry(), endpoint.health());
            return new ServiceRunner(shutdown).run(name, created);
        }
    }
}
