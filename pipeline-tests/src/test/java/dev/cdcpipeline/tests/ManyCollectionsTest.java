package dev.cdcpipeline.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.mongodb.client.MongoClients;

import dev.cdcpipeline.embedded.KafkaBroker;
import dev.cdcpipeline.embedded.PostgresServer;
import dev.cdcpipeline.embedded.mongo.TestMongo;
import dev.cdcpipeline.platform.metrics.Metrics;

import org.bson.Document;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What both services measure of many collections: as much as is documented, and no more. */
@Timeout(300)
class ManyCollectionsTest {
    private static final int COLLECTIONS = 500;
    private static final int SERIES = 5_000;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @Test
    @DisplayName(
            "14.1 500 collections: as many as documented have series of their own, the rest one, and none is missing in sums")
    void staysBoundedWithManyCollections(@TempDir Path folder) throws Exception {
        try (var mongo = TestMongo.start()) {
            staysBounded(mongo, mongo.newDatabase(), folder);
        }
    }

    private static void staysBounded(TestMongo mongo, String database, Path folder)
            throws Exception {
        try (var kafka = KafkaBroker.start();
                var postgres = PostgresServer.start();
                var watcher =
                        RunningService.watcher(
                                Map.of(
                                        "WATCHER_MONGODB_URI", mongo.uri(),
                                        "WATCHER_SCOPE_INCLUDE", database + ".*",
                                        "WATCHER_TOPIC_PARTITIONS", "1",
                                        "WATCHER_KAFKA_BOOTSTRAP_SERVERS", kafka.bootstrapServers(),
                                        "WATCHER_CHECKPOINT_FILE_PATH",
                                                folder.resolve("checkpoint").toString()))) {
            await().atMost(PATIENCE).until(watcher::ready);
            try (var client = MongoClients.create(mongo.uri())) {
                for (int i = 0; i < COLLECTIONS; i++) {
                    client.getDatabase(database).getCollection("c" + i).insertOne(new Document());
                }
            }
            await().atMost(PATIENCE)
                    .until(() -> sum(watcher, "cdc_watcher_events_total") == COLLECTIONS);

            // When a Syncer applies them all
            try (var syncer =
                    RunningService.syncer(
                            Map.of(
                                    "SYNCER_KAFKA_BOOTSTRAP_SERVERS", kafka.bootstrapServers(),
                                    "SYNCER_KAFKA_TOPIC_PATTERN", "cdc[.]" + database + "[.].*",
                                    "SYNCER_POSTGRESQL_URL", postgres.jdbcUrl(),
                                    "SYNCER_POSTGRESQL_USER", postgres.user()))) {
                await().atMost(PATIENCE)
                        .until(() -> sum(syncer, "cdc_syncer_applied_total") == COLLECTIONS);

                assertThat(values(watcher, "namespace")).hasSize(Metrics.NAMED + 1);
                assertThat(values(syncer, "table")).hasSize(Metrics.NAMED + 1).contains("other");
                for (var service : Set.of(watcher, syncer)) {
                    assertThat(values(service, "topic")).hasSizeLessThanOrEqualTo(Metrics.NAMED);
                    assertThat(service.metrics.scrape().lines()).hasSizeLessThan(SERIES);
                }
            }
        }
    }

    private static double sum(RunningService service, String metric) {
        return service.metrics
                .scrape()
                .lines()
                .filter(line -> line.startsWith(metric + "{"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }

    private static Set<String> values(RunningService service, String label) {
        return Pattern.compile("[{,]" + label + "=\"([^\"]*)\"")
                .matcher(service.metrics.scrape())
                .results()
                .map(found -> found.group(1))
                .collect(Collectors.toSet());
    }
}
