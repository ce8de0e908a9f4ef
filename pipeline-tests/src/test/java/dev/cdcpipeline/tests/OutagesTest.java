package dev.cdcpipeline.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.cdcpipeline.embedded.KafkaBroker;
import dev.cdcpipeline.embedded.PostgresServer;
import dev.cdcpipeline.embedded.mongo.TestMongo;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** Health of idle services while a server is away: nothing but health would tell of it. */
@Timeout(300)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OutagesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private TestMongo mongo;
    private KafkaBroker kafka;
    private PostgresServer postgres;
    private RunningService watcher;
    private RunningService syncer;

    @BeforeAll
    void start(@TempDir Path folder) {
        mongo = TestMongo.start();
        String database = mongo.newDatabase();
        kafka = KafkaBroker.start();
        postgres = PostgresServer.start();
        watcher =
                RunningService.watcher(
                        Map.of(
                                "WATCHER_MONGODB_URI", mongo.uri(),
                                "WATCHER_SCOPE_INCLUDE", database + ".*",
                                "WATCHER_KAFKA_BOOTSTRAP_SERVERS", kafka.bootstrapServers(),
                                "WATCHER_CHECKPOINT_FILE_PATH",
                                        folder.resolve("checkpoint").toString()));
        syncer =
                RunningService.syncer(
                        Map.of(
                                "SYNCER_KAFKA_BOOTSTRAP_SERVERS", kafka.bootstrapServers(),
                                "SYNCER_KAFKA_TOPIC_PATTERN", "cdc[.]" + database + "[.].*",
                                "SYNCER_POSTGRESQL_URL", postgres.jdbcUrl(),
                                "SYNCER_POSTGRESQL_USER", postgres.user()));
        await().atMost(PATIENCE).until(() -> watcher.ready() && syncer.ready());
    }

    @AfterAll
    void stop() {
        try (var _ = mongo;
                var _ = kafka;
                var _ = postgres;
                var _ = watcher;
                var _ = syncer) {
            assertThat(syncer.health.report().live()).isTrue();
        }
    }

    @Test
    @DisplayName(
            "14.2 Without PostgreSQL an idle Syncer is not ready, says since when and why, stays live, and heals")
    void tellsThatPostgresIsAway() {
        try {
            postgres.stop();
            awaitDown(syncer, "postgresql");
        } finally {
            postgres.restart();
        }
        await().atMost(PATIENCE).until(syncer::ready);
    }

    @Test
    @DisplayName(
            "14.2 Without Kafka both idle services are not ready, say since when and why, stay live, and heal")
    void tellsThatKafkaIsAway() {
        try {
            kafka.stop();
            awaitDown(watcher, "kafka");
            awaitDown(syncer, "kafka");
        } finally {
            kafka.restart();
        }
        await().atMost(PATIENCE).until(() -> watcher.ready() && syncer.ready());
    }

    private static void awaitDown(RunningService service, String component) {
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> {
                            var report = service.health.report();
                            assertThat(report.ready()).isFalse();
                            assertThat(report.live()).isTrue();
                            assertThat(report.toJson())
                                    .containsPattern(
                                            "\"name\":\"%s\",\"state\":\"down\",\"since\":\"[^\"]+\",\"seconds\":\\d+,\"reason\":\"[^\"]+"
                                                    .formatted(component));
                        });
    }
}
