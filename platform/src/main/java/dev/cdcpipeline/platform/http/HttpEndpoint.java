package dev.cdcpipeline.platform.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import dev.cdcpipeline.platform.config.HttpSettings;
import dev.cdcpipeline.platform.http.Route.Response;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;

/**
 * Serves routes for GET and HEAD. A client that sends half a request, does not read the response,
 * or opens connections without end is cut off. Thread-safe.
 */
public final class HttpEndpoint implements AutoCloseable {
    private static final String TEXT = "text/plain";

    /** Connections at a time; a scraper and the probes need a handful. */
    static final int MAX_CONNECTIONS = 200;

    private static final int REQUEST_SECONDS = 10;
    private static final int RESPONSE_SECONDS = 60;

    private final Map<String, Route> routes;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    /**
     * Starts to serve.
     *
     * @param routes each with a path of its own
     * @throws IOException if it cannot listen; the message names address and port
     */
    public HttpEndpoint(HttpSettings settings, List<Route> routes) throws IOException {
        this.routes =
                routes.stream().collect(Collectors.toUnmodifiableMap(Route::path, each -> each));
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
                answer(exchange, response(exchange.getRequestURI().getPath()));
            } else {
                exchange.getResponseHeaders().set("Allow", "GET, HEAD");
                answer(exchange, new Response(405, TEXT, "only GET and HEAD\n"));
            }
        }
    }

    private Response response(String path) {
        Route route = routes.get(path);
        return route == null
                ? new Response(404, TEXT, "see " + String.join(", ", paths()) + "\n")
                : route.answer().get();
    }

    private List<String> paths() {
        return routes.keySet().stream().sorted().toList();
    }

    private static void answer(HttpExchange exchange, Response response) throws IOException {
        var bytes = response.body().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", response.contentType());
        exchange.getResponseHeaders().set("Cache-Control", "no-store");
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.sendResponseHeaders(response.status(), -1);
        } else {
            exchange.sendResponseHeaders(response.status(), bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
