package dev.cdcpipeline.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.mongodb.client.MongoClients;

import dev.cdcpipeline.embedded.KafkaBroker;
import dev.cdcpipeline.embedded.PostgresServer;
import dev.cdcpipeline.embedded.mongo.MongoReplicaSet;
import dev.cdcpipeline.platform.config.HttpSettings;
import dev.cdcpipeline.platform.health.Health;
import dev.cdcpipeline.platform.http.HttpEndpoint;
import dev.cdcpipeline.platform.http.ServiceRoutes;
import dev.cdcpipeline.testkit.Line;
import dev.cdcpipeline.watcher.app.WatcherProgress;

import org.bson.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;

/**
 * Services whose loops hang in calls that really do: the watchdog finds them, and that they go on.
 */
@Timeout(180)
class WatchdogTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** Deadlines are many minutes: the watchdog's clock runs faster than ours. */
    private static final int FASTER = 240;

    @TempDir private Path folder;
    private MongoReplicaSet mongo;
    private KafkaBroker kafka;
    private final Health health =
            new Health(InstantSource.system(), () -> System.nanoTime() * FASTER);

    @BeforeEach
    void start() {
        mongo = MongoReplicaSet.start();
        kafka = KafkaBroker.start();
    }

    @AfterEach
    void stop() {
        try (var _ = mongo;
                var _ = kafka) {
            // Closed in reverse order.
        }
    }

    @Test
    @DisplayName(
            "14.2 A Watcher whose checkpoint hangs in the file system is not live, says where, and is live when it goes on")
    void findsACheckpointThatHangsInTheFileSystem() throws Exception {
        try (var watcher = watcher();
                var http = endpoint(watcher)) {
            await().atMost(PATIENCE).until(watcher::ready);

            // When opening the file hangs, as it does with a pipe that nobody reads
            Path pipe = folder.resolve("checkpoint.new");
            await().atMost(PATIENCE).until(() -> makePipe(pipe));
            insert();

            try {
                awaitStuck(http, "checkpoint saver", "dev.cdcpipeline.watcher.checkpoint");
            } finally {
                try (var _ = Files.newInputStream(pipe)) {
                    Files.delete(pipe);
                }
            }
            awaitLive(http);
        }
    }

    @Test
    @DisplayName(
            "14.2 A Watcher whose change stream hangs is not live, says where, and is live when it goes on")
    void findsAChangeStreamThatHangs() throws Exception {
        try (var watcher = watcher();
                var http = endpoint(watcher)) {
            await().atMost(PATIENCE).until(watcher::ready);

            mongo.stallReplies();

            try {
                awaitStuck(http, "change stream reader", "dev.cdcpipeline.watcher.capture");
            } finally {
                mongo.resumeReplies();
            }
            awaitLive(http);
        }
    }

    @Test
    @DisplayName(
            "14.2 A Syncer whose worker hangs on a dead line to PostgreSQL is not live, says where, and is live when it goes on")
    void findsAWorkerThatHangsOnADeadLine() throws Exception {
        try (var postgres = PostgresServer.start();
                var line = new Line(postgres.port());
                var watcher = watcher(new Health());
                var syncer = syncer(postgres, line);
                var http = endpoint(syncer)) {
            // The Watcher begins with what comes once it is there.
            await().atMost(PATIENCE).until(watcher::ready);
            insert();
            await().atMost(PATIENCE)
                    .until(() -> syncer.metrics.scrape().contains("cdc_syncer_applied_total{"));

            line.goDead();
            insert();

            awaitStuck(http, "syncer-worker-0", "dev.cdcpipeline.syncer.write");
            line.revive();
            awaitLive(http);
        }
    }

    private RunningService watcher() {
        return watcher(health);
    }

    private RunningService watcher(Health told) {
        return RunningService.watcher(
                Map.of(
                        "WATCHER_MONGODB_URI", mongo.uri(),
                        "WATCHER_SCOPE_INCLUDE", "shop.*",
                        "WATCHER_KAFKA_BOOTSTRAP_SERVERS", kafka.bootstrapServers(),
                        "WATCHER_CHECKPOINT_FILE_PATH", folder.resolve("checkpoint").toString()),
                told);
    }

    private RunningService syncer(PostgresServer postgres, Line line) {
        String behindTheLine =
                postgres.jdbcUrl().replace(":" + postgres.port() + "/", ":" + line.port() + "/");
        return RunningService.syncer(
                Map.of(
                        "SYNCER_KAFKA_BOOTSTRAP_SERVERS",
                        kafka.bootstrapServers(),
                        "SYNCER_KAFKA_TOPIC_PATTERN",
                        "cdc[.]shop[.].*",
                        "SYNCER_KAFKA_DISCOVERY_INTERVAL",
                        "500ms",
                        "SYNCER_WORKERS",
                        "1",
                        "SYNCER_POSTGRESQL_URL",
                        behindTheLine,
                        "SYNCER_POSTGRESQL_USER",
                        postgres.user()),
                health);
    }

    private static HttpEndpoint endpoint(RunningService service) throws IOException {
        var anyPort = new HttpSettings("127.0.0.1", 0);
        return new HttpEndpoint(
                anyPort,
                ServiceRoutes.of(
                        service.metrics,
                        service.health,
                        () -> WatcherProgress.of(service.metrics.registry())));
    }

    private void insert() {
        try (var client = MongoClients.create(mongo.uri())) {
            client.getDatabase("shop").getCollection("orders").insertOne(new Document());
        }
    }

    private static boolean makePipe(Path path) throws Exception {
        var make = new ProcessBuilder("mkfifo", path.toString()).redirectErrorStream(true).start();
        return make.waitFor() == 0;
    }

    private static void awaitStuck(HttpEndpoint http, String loop, String where) {
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> {
                            var answer = ask(http);
                            assertThat(answer.statusCode()).isEqualTo(503);
                            assertThat(answer.body())
                                    .contains("\"live\":false")
                                    .containsPattern(
                                            "\"name\":\"%s\",\"state\":\"stuck\",[^}]*\"reason\":\"it is in [^\"]+, called from %s[^\"]+\""
                                                    .formatted(loop, where));
                        });
    }

    private static void awaitLive(HttpEndpoint http) {
        await().atMost(PATIENCE).until(() -> ask(http).statusCode() == 200);
    }

    private static HttpResponse<String> ask(HttpEndpoint http) throws Exception {
        try (var client = HttpClient.newHttpClient()) {
            var uri = URI.create("http://127.0.0.1:%d/health/live".formatted(http.port()));
            return client.send(
                    HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
        }
    }
}
