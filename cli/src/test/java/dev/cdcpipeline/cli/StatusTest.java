package dev.cdcpipeline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;

import dev.cdcpipeline.platform.config.HttpSettings;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

/** {@code cdc status} on what services answer. */
class StatusTest {
    private static final String UP =
            """
            {"ready":true,"live":true,"at":"2026-01-01T00:00:00Z","components":[
            {"name":"producer","state":"up","since":"2026-01-01T00:00:00Z","seconds":192},
            {"name":"change stream","state":"up","since":"2026-01-01T00:00:00Z","seconds":7300}],"loops":[]}
            """;

    private static final String DOWN =
            """
            {"ready":false,"live":true,"at":"2026-01-01T00:00:00Z","components":[
            {"name":"consumer","state":"up","since":"2026-01-01T00:00:00Z","seconds":192},
            {"name":"database","state":"down","since":"2026-01-01T00:00:00Z","seconds":12,
            "reason":"Connection refused"}],"loops":[]}
            """;

    private final AtomicInteger scrapes = new AtomicInteger();
    private HttpServer server;
    private volatile String health = UP;
    private volatile String metrics = "";

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(
                "/",
                exchange -> {
                    boolean asksHealth = exchange.getRequestURI().getPath().equals("/health");
                    String body =
                            asksHealth
                                    ? health
                                    : metrics.replace("N", scrapes.getAndIncrement() + "000");
                    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(
                            asksHealth && health.equals(DOWN) ? 503 : 200, bytes.length);
                    exchange.getResponseBody().write(bytes);
                    exchange.close();
                });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void saysWhatAWatcherIsAt() {
        metrics =
                """
                # HELP cdc_watcher_lag_seconds lag
                cdc_watcher_lag_seconds 0.25
                cdc_watcher_durable_age_seconds 1.5
                cdc_watcher_published_total N
                cdc_watcher_leader 1.0
                cdc_watcher_dead_letters_total{namespace="a.b"} 2.0
                """;

        CommandRun run = CommandRun.of("status", "--watcher", address(), "--interval", "0.05");

        assertThat(run.out().lines().toList().getFirst())
                .matches("SERVICE +STATE +FOR +LAG +POSITION +EVENTS/S +DEAD LETTERS");
        assertThat(run.out().lines().toList().get(1))
                .matches("watcher +ready +3m 12s +0.[23] s +1.5 s old +[1-9][0-9,]* +2");
        assertThat(run.exitCode()).isZero();
    }

    @Test
    void tellsAStandbyFromALeader() {
        metrics = "cdc_watcher_leader 0.0\n";

        CommandRun run = CommandRun.of("status", "--watcher", address(), "--interval", "0");

        assertThat(run.out()).contains("standing by");
        assertThat(run.exitCode()).isZero();
    }

    @Test
    void saysWhyASyncerIsNotReady() {
        health = DOWN;
        metrics =
                """
                cdc_syncer_consumed_total 5
                cdc_syncer_lag_records 17.0
                """;

        CommandRun run = CommandRun.of("status", "--syncer", address(), "--interval", "0.05");

        assertThat(run.out().lines().toList().get(1))
                .matches("syncer +not ready +12s +- +17 records behind +0 +0");
        assertThat(run.out()).contains("database is down for 12s: Connection refused");
        assertThat(run.exitCode()).isEqualTo(1);
    }

    @Test
    void worksWhenOneDoesNotAnswer() {
        CommandRun run =
                CommandRun.of(
                        "status",
                        "--watcher",
                        address(),
                        "--syncer",
                        "http://127.0.0.1:1",
                        "--interval",
                        "0");

        assertThat(run.out())
                .containsPattern("watcher +ready")
                .containsPattern("syncer +unreachable")
                .contains("http://127.0.0.1:1: ");
        assertThat(run.exitCode()).isEqualTo(1);
    }

    @ParameterizedTest(name = "who answers {0} is not a service of ours")
    @ValueSource(
            strings = {
                "<html>",
                "",
                "[]",
                "{\"status\":\"UP\"}",
                "{\"ready\":\"yes\",\"live\":true,\"components\":[],\"loops\":[]}",
                "{\"ready\":true,\"live\":true,\"components\":[{\"status\":\"UP\"}],\"loops\":[]}",
                "{\"ready\":true,\"live\":true,\"components\":[1],\"loops\":{}}"
            })
    void saysWhenSomebodyElseAnswers(String answer) {
        health = answer;

        CommandRun run = CommandRun.of("status", "--watcher", address(), "--interval", "0");

        assertThat(run.out())
                .containsPattern("watcher +unreachable")
                .contains(address() + ": who answers is not a service of ours");
        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isEqualTo(1);
    }

    @ParameterizedTest(name = "a service that listens on {0} is asked at {1}")
    @CsvSource({
        "0.0.0.0, http://localhost:8080",
        "::, http://localhost:8080",
        "0:0:0:0:0:0:0:0, http://localhost:8080",
        "::1, http://[::1]:8080",
        "[::1], http://[::1]:8080",
        "127.0.0.1, http://127.0.0.1:8080",
        "cdc-1.example, http://cdc-1.example:8080"
    })
    void asksWhereAServiceListens(String host, String address) {
        var http =
                new HttpSettings() {
                    @Override
                    public String host() {
                        return host;
                    }

                    @Override
                    public int port() {
                        return 8080;
                    }
                };

        assertThat(StatusCommand.address(http)).isEqualTo(URI.create(address));
        assertThat(StatusCommand.address(http).getHost()).isNotNull();
    }

    private String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }
}
