package dev.cdcpipeline.platform.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.cdcpipeline.platform.config.HttpSettings;
import dev.cdcpipeline.platform.health.Health;
import dev.cdcpipeline.platform.lifecycle.ServiceState;
import dev.cdcpipeline.platform.metrics.Metrics;
import dev.cdcpipeline.platform.status.Progress;
import dev.cdcpipeline.platform.status.StatusReport;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

@Timeout(60)
class HttpEndpointTest {
    private final AtomicLong nanos = new AtomicLong();
    private final Metrics metrics = new Metrics();
    private final Health health = new Health(InstantSource.system(), nanos::get);
    private final HttpClient client = HttpClient.newHttpClient();
    private HttpEndpoint endpoint;

    @BeforeEach
    void serve() throws IOException {
        endpoint = new HttpEndpoint(at(0), routes());
    }

    private List<Route> routes() {
        return ServiceRoutes.of(metrics, health, () -> new Progress.OfWatcher(7, 5, 1, 0.5, null));
    }

    @AfterEach
    void close() {
        client.close();
        endpoint.close();
        metrics.close();
    }

    @Test
    @DisplayName("14.1 /metrics serves what is measured, and the JVM, in Prometheus' format")
    void servesMetrics() throws Exception {
        metrics.registry().counter("cdc.watcher.events", "operation", "insert").increment(3);

        var response = get("/metrics");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type"))
                .contains("text/plain; version=0.0.4; charset=utf-8");
        assertThat(response.body())
                .contains("cdc_watcher_events_total{operation=\"insert\"} 3.0")
                .contains("jvm_memory_used_bytes")
                .contains("jvm_info")
                .contains("process_uptime_seconds")
                .contains("logback_events_total");
    }

    @Test
    @DisplayName("14.2 /health and /health/ready follow the components")
    void servesReadiness() throws Exception {
        health.component("kafka").starting("connecting");
        assertThat(get("/health/ready").statusCode()).isEqualTo(503);
        assertThat(get("/health").body())
                .contains("\"ready\":false", "\"state\":\"starting\"", "\"reason\":\"connecting\"");
        assertThat(get("/health/live").statusCode()).isEqualTo(200);

        health.component("kafka").up();

        assertThat(get("/health/ready").statusCode()).isEqualTo(200);
        assertThat(get("/health").statusCode()).isEqualTo(200);
        assertThat(get("/health").headers().firstValue("Content-Type"))
                .contains("application/json");
    }

    @Test
    @DisplayName("14.2 /health/live follows the watchdog")
    void servesLiveness() throws Exception {
        health.heartbeat("poll", Duration.ofSeconds(1)).beat();
        assertThat(get("/health/live").statusCode()).isEqualTo(200);

        nanos.set(Duration.ofSeconds(2).toNanos());

        var response = get("/health/live");
        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.body()).contains("\"name\":\"poll\",\"state\":\"stuck\"");
    }

    @Test
    @DisplayName("14.2 /status serves what a reader of this version gets back as it was")
    void servesStatus() throws Exception {
        health.lifecycle().enter(new ServiceState.StandingBy("another one leads"));
        health.component("kafka").down("no broker");
        health.heartbeat("poll", Duration.ofSeconds(1)).beat();

        StatusReport report = StatusReport.parse(get("/status").body());

        assertThat(report.progress()).isEqualTo(new Progress.OfWatcher(7, 5, 1, 0.5, null));
        assertThat(report.health().state().name()).isEqualTo("standing-by");
        assertThat(report.health().state().reason()).isEqualTo("another one leads");
        assertThat(report.health().ready()).isFalse();
        assertThat(report.health().components()).extracting("reason").containsExactly("no broker");
        assertThat(report.health().loops()).hasSize(1);
        assertThat(StatusReport.parse(report.toJson())).isEqualTo(report);
    }

    @ParameterizedTest(name = "{0} is no status report")
    @ValueSource(
            strings = {
                "<html>",
                "",
                "[]",
                "{}",
                "{\"status\":\"UP\"}",
                "{\"version\":\"1\",\"health\":{\"ready\":true},\"progress\":{\"kind\":\"watcher\"}}",
                "{\"version\":\"1\",\"health\":{},\"progress\":{\"kind\":\"other\"}}"
            })
    void noticesWhatIsNoStatusReport(String answer) {
        assertThatThrownBy(() -> StatusReport.parse(answer)).isInstanceOf(IOException.class);
    }

    @Test
    void refusesOtherPathsAndMethods() throws Exception {
        assertThat(get("/").statusCode()).isEqualTo(404);
        assertThat(get("/metrics/x").statusCode()).isEqualTo(404);
        assertThat(send("POST", "/metrics").statusCode()).isEqualTo(405);
        var head = send("HEAD", "/health/live");
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
    }

    @Test
    void saysWhereItCannotListen() {
        assertThatThrownBy(() -> new HttpEndpoint(at(endpoint.port()), routes()).close())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("cannot listen on 127.0.0.1:" + endpoint.port());
    }

    @Test
    @DisplayName(
            "14.2 A request that is not sent to its end is closed, and others are served meanwhile")
    void closesAHalfSentRequest() throws Exception {
        try (var half = new Socket(InetAddress.getLoopbackAddress(), endpoint.port())) {
            half.setSoTimeout(40_000);
            half.getOutputStream().write("GET /health HTTP/1.1\r\nHost: a".getBytes(US_ASCII));

            assertThat(get("/health/live").statusCode()).isEqualTo(200);
            assertThat(half.getInputStream().readAllBytes()).isEmpty();
        }
    }

    @Test
    @DisplayName("14.2 No more than so many connections are held, and the next is closed at once")
    void boundsConnections() throws Exception {
        var held = new ArrayList<Socket>();
        try {
            for (int i = 0; i < HttpEndpoint.MAX_CONNECTIONS; i++) {
                held.add(new Socket(InetAddress.getLoopbackAddress(), endpoint.port()));
            }
            try (var more = new Socket(InetAddress.getLoopbackAddress(), endpoint.port())) {
                more.setSoTimeout(9_000); // less than any of the server's own times
                assertThat(more.getInputStream().read()).isNegative();
            }
        } finally {
            for (Socket each : held) {
                each.close();
            }
        }
    }

    private HttpResponse<String> get(String path) throws Exception {
        return send("GET", path);
    }

    private HttpResponse<String> send(String method, String path) throws Exception {
        var uri = URI.create("http://127.0.0.1:" + endpoint.port() + path);
        return client.send(
                HttpRequest.newBuilder(uri)
                        .method(method, HttpRequest.BodyPublishers.noBody())
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static HttpSettings at(int port) {
        return new HttpSettings("127.0.0.1", port);
    }
}
