package dev.cdcpipeline.platform.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import dev.cdcpipeline.platform.config.HttpSettings;
import dev.cdcpipeline.platform.health.Health;
import dev.cdcpipeline.platform.metrics.Metrics;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Serves {@code /metrics} in Prometheus' text format, and {@code /health}, {@code /health/ready}
 * and {@code /health/live} as JSON with 200 or 503. Who sends half a request, does not read the
 * answer, or opens connections without end is cut off. Thread-safe.
 */
public final class HttpEndpoint implements AutoCloseable {
    private static final String JSON = "application/json";
    private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

    /** Connections at a time; a scraper and the probes need a handful. */
    static final int MAX_CONNECTIONS = 200;

    private static final int REQUEST_SECONDS = 10;
    private static final int RESPONSE_SECONDS = 60;

    private final Metrics metrics;
    private final Health health;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    /**
     * Starts to serve.
     *
     * @throws IOException if it cannot listen; the message names address and port
     */
    public HttpEndpoint(HttpSettings settings, Metrics metrics, Health health) throws IOException {
        this.metrics = metrics;
        this.health = health;
        limit();
        try {
            server = HttpServer.create(new InetSocketAddress(settings.host(), settings.port()), 0);
        } catch (IOException e) {
            threads.close();
            throw new IOException(
                    "cannot listen on %s:%d: %s; choose another http.port"
                            .formatted(settings.host(), settings.port(), e.getMessage()),
                    e);
        }
        server.createContext("/", this::serve);
        server.setExecutor(threads);
        server.start();
    }

    /**
     * The JDK's server has no limits but these, and no other way to set them: it reads them when
     * the first server of the process is made. What the operator sets by {@code -D} stands.
     */
    private static void limit() {
        limit("sun.net.httpserver.maxReqTime", REQUEST_SECONDS);
        limit("sun.net.httpserver.maxRspTime", RESPONSE_SECONDS);
        limit("jdk.httpserver.maxConnections", MAX_CONNECTIONS);
    }

    private static void limit(String property, int value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, Integer.toString(value));
        }
    }

    /** The port it listens on, also when a free one was taken. */
    public int port() {
        return server.getAddress().getPort();
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            var method = exchange.getRequestMethod();
            if (method.equals("GET") || method.equals("HEAD")) {
                route(exchange);
            } else {
                exchange.getResponseHeaders().set("Allow", "GET, HEAD");
                answer(exchange, 405, "text/plain", "only GET and HEAD\n");
            }
        }
    }

    private void route(HttpExchange exchange) throws IOException {
        var report = health.report();
        switch (exchange.getRequestURI().getPath()) {
            case "/metrics" -> answer(exchange, 200, PROMETHEUS, metrics.scrape());
            case "/health", "/health/ready" ->
                    answer(exchange, report.ready() ? 200 : 503, JSON, report.toJson());
            case "/health/live" ->
                    answer(exchange, report.live() ? 200 : 503, JSON, report.toJson());
            default -> answer(exchange, 404, "text/plain", "see /metrics and /health\n");
        }
    }

    private static void answer(HttpExchange exchange, int status, String type, String body)
            throws IOException {
        var bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.getResponseHeaders().set("Cache-Control", "no-store");
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.sendResponseHeaders(status, -1);
        } else {
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
