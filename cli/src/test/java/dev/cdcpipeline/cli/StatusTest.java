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
            "ready":true,"live":true,"at":"2026-01-01T00:00:00Z",
            "state":{"name":"streaming","since":"2026-01-01T00:00:00Z","seconds":7300},"components":[
            {"name":"producer","state":"up","since":"2026-01-01T00:00:00Z","seconds":192},
            {"name":"change stream","state":"up","since":"2026-01-01T00:00:00Z","seconds":7300}],"loops":[]
            """;

    private static final String DOWN =
            """
            "ready":false,"live":true,"at":"2026-01-01T00:00:00Z",
            "state":{"name":"streaming","since":"2026-01-01T00:00:00Z","seconds":7300},"components":[
            {"name":"consumer","state":"up","since":"2026-01-01T00:00:00Z","seconds":192},
            {"name":"database","state":"down","since":"2026-01-01T00:00:00Z","seconds":12,
            "reason":"Connection refused"}],"loops":[]
            """;

    private static final String WATCHER =
            "{'kind':'watcher','captured':N,'events':N,'deadLetters':2,'lagSeconds':0.25,'durableAgeSeconds':1.5}";

    private static final String SYNCER =
            "{'kind':'syncer','events':5,'committed':5,'redelivered':0,'deadLetters':0,'recordsBehind':17,'changes':0,'lagSecondsTotal':0}";

    private final AtomicInteger readings = new AtomicInteger();
    private HttpServer server;
    private volatile String status = status(UP, WATCHER);

    private static String status(String health, String progress) {
        return "{\"version\":\"1.0\",\"health\":{%s},\"progress\":%s}"
                .formatted(health, progress.replace('\'', '"'));
    }

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(
                "/status",
                exchange -> {
                    byte[] bytes =
                            status.replace(":N", ":" + readings.incrementAndGet() + "000")
                                    .getBytes(StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(200, bytes.length);
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
        CommandRun run = CommandRun.of("status", "--watcher", address(), "--interval", "0.05");

        assertThat(run.out().lines().toList().getFirst())
                .matches("SERVICE +STATE +FOR +LAG +POSITION +EVENTS/S +DEAD LETTERS");
        assertThat(run.out().lines().toList().get(1))
                .matches("watcher +streaming +3m 12s +0.[23] s +1.5 s old +[1-9][0-9,]* +2");
        assertThat(run.exitCode()).isZero();
    }

    @Test
    void tellsAStandbyFromALeader() {
        status = status(UP.replace("streaming", "standing-by"), WATCHER);

        CommandRun run = CommandRun.of("status", "--watcher", address(), "--interval", "0");

        assertThat(run.out()).contains("standing-by");
        assertThat(run.exitCode()).isZero();
    }

    @Test
    void saysWhyASyncerIsNotReady() {
        status = status(DOWN, SYNCER);

        CommandRun run = CommandRun.of("status", "--syncer", address(), "--interval", "0.05");

        assertThat(run.out().lines().toList().get(1))
                .matches("syncer +not ready +12s +- +17 records behind +0 +0");
        assertThat(run.out()).contains("database is down for 12s: Connection refused");
        assertThat(run.exitCode()).isEqualTo(1);
    }

    @Test
    void measuresTheLagBetweenTwoReadings() {
        status =
                status(
                        UP,
                        SYNCER.replace("'changes':0", "'changes':N")
                                .replace("'lagSecondsTotal':0", "'lagSecondsTotal':N"));

        CommandRun run = CommandRun.of("status", "--syncer", address(), "--interval", "0.05");

        assertThat(run.out().lines().toList().get(1)).matches("syncer +streaming .* 1[.]0 s .*");
    }

    @Test
    void saysWhatIsStuck() {
        status =
                status(
                        UP.replace("\"live\":true", "\"live\":false")
                                .replace(
                                        "\"loops\":[]",
                                        "\"loops\":[{\"name\":\"poll\",\"state\":\"stuck\",\"secondsSinceLastTurn\":9,\"deadlineSeconds\":5,\"reason\":\"it is in X\"}]"),
                        SYNCER);

        CommandRun run = CommandRun.of("status", "--syncer", address(), "--interval", "0");

        assertThat(run.out())
                .containsPattern("syncer +stuck")
                .contains("poll is stuck: it is in X");
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
                .containsPattern("watcher +streaming")
                .containsPattern("syncer +unreachable")
                .contains("http://127.0.0.1:1: ");
        assertThat(run.exitCode()).isEqualTo(1);
    }

    @ParameterizedTest(name = "what answers {0} is not a service of ours")
    @ValueSource(
            strings = {
                "<html>",
                "",
                "[]",
                "{\"status\":\"UP\"}",
                "{\"ready\":true,\"live\":true,\"components\":[],\"loops\":[]}"
            })
    void saysWhenSomethingElseAnswers(String answer) {
        status = answer;

        CommandRun run = CommandRun.of("status", "--watcher", address(), "--interval", "0");

        assertThat(run.out())
                .containsPattern("watcher +unreachable")
                .contains(
                        address() + ": what answers there is not a service of this version of cdc");
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
        var http = new HttpSettings(host, 8080);

        assertThat(StatusCommand.address(http)).isEqualTo(URI.create(address));
        assertThat(StatusCommand.address(http).getHost()).isNotNull();
    }

    private String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }
}
