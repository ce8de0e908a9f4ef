package dev.cdcpipeline.cli;

import dev.cdcpipeline.platform.config.HttpSettings;
import dev.cdcpipeline.platform.health.Health;
import dev.cdcpipeline.platform.http.HttpEndpoint;
import dev.cdcpipeline.platform.metrics.Metrics;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;

/** What one service reports to, and where that can be read: metrics, health, an HTTP endpoint. */
final class Observed implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Observed.class);

    private final Metrics metrics = new Metrics();
    private final Health health = new Health();
    private final HttpEndpoint endpoint;

    /**
     * Starts to serve.
     *
     * @throws IOException if the endpoint cannot listen
     */
    Observed(String service, HttpSettings http) throws IOException {
        try {
            endpoint = new HttpEndpoint(http, metrics, health);
        } catch (IOException e) {
            metrics.close();
            throw e;
        }
        LOG.info("metrics and health of the {} on port {}", service, endpoint.port());
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
