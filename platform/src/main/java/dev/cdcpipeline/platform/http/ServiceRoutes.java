package dev.cdcpipeline.platform.http;

import dev.cdcpipeline.platform.health.Health;
import dev.cdcpipeline.platform.health.HealthReport;
import dev.cdcpipeline.platform.http.Route.Response;
import dev.cdcpipeline.platform.lifecycle.Version;
import dev.cdcpipeline.platform.metrics.Metrics;
import dev.cdcpipeline.platform.status.Progress;
import dev.cdcpipeline.platform.status.StatusReport;

import java.util.List;
import java.util.function.Supplier;

/**
 * What every service serves: {@code /metrics} in Prometheus' text format; {@code /health}, {@code
 * /health/ready} and {@code /health/live} as JSON with 200 or 503; {@code /status} as JSON, a
 * {@link StatusReport}.
 */
public final class ServiceRoutes {
    private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

    private ServiceRoutes() {}

    /**
     * The routes of one service.
     *
     * @param progress how far it has got, asked for each report
     */
    public static List<Route> of(Metrics metrics, Health health, Supplier<Progress> progress) {
        return List.of(
                new Route("/metrics", () -> new Response(200, PROMETHEUS, metrics.scrape())),
                new Route("/health", () -> readiness(health)),
                new Route("/health/ready", () -> readiness(health)),
                new Route("/health/live", () -> liveness(health)),
                new Route("/status", () -> Response.json(status(health, progress).toJson())));
    }

    private static StatusReport status(Health health, Supplier<Progress> progress) {
        return new StatusReport(Version.text(), health.report(), progress.get());
    }

    private static Response readiness(Health health) {
        HealthReport report = health.report();
        return Response.json(report.ready(), report.toJson());
    }

    private static Response liveness(Health health) {
        HealthReport report = health.report();
        return Response.json(report.live(), report.toJson());
    }
}
