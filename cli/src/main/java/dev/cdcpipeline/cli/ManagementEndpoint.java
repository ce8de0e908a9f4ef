package dev.cdcpipeline.cli;

import dev.cdcpipeline.platform.config.HttpSettings;
import dev.cdcpipeline.platform.health.Health;
import dev.cdcpipeline.platform.http.HttpEndpoint;
import dev.cdcpipeline.platform.http.ServiceRoutes;
import dev.cdcpipeline.platform.metrics.Metrics;
import dev.cdcpipeline.platform.status.Progress;

import io.micrometer.core.instrument.MeterRegistry;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.util.function.Function;

/** The metrics and the health of one service, and the HTTP endpoint that serves them. */
final class ManagementEndpoint implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ManagementEndpoint.class);

    private final Metrics metrics = new Metrics();
    private final Health health = new Health();
    private final HttpEndpoint endpoint;

    /**
     * Starts to serve.
     *
     * @param service what the service is called
     * @param progress reads from the service's meters how far it has got
     * @throws IOException if the endpoint cannot listen
     */
    ManagementEndpoint(
            String service, HttpSettings http, Function<MeterRegistry, Progress> progress)
            throws IOException {
        try {
            endpoint =
                    new HttpEndpoint(
                            http,
                            ServiceRoutes.of(
                                    metrics, health, () -> progress.apply(metrics.registry())));
        } catch (IOException e) {
            metrics.close();
            throw e;
        }
        log.info("metrics and health of the {} on port {}", service, endpoint.port());
    }

    Metrics metrics() {
        return metrics;
    }

    Health health() {
        return health;
    }

    @Override
    public void close() {
        try (metrics) {
            endpoint.close();
        }
    }
}
