package dev.cdcpipeline.watcher.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;

import org.bson.Document;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

class DriverMetricsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    @RegisterExtension private static final Servers servers = new Servers();

    private final String database = servers.mongo.newDatabase();

    @TempDir private Path folder;

    private static List<Meter> of(RunningWatcher watcher, String prefix) {
        return watcher.meters().stream()
                .filter(meter -> meter.getId().getName().startsWith(prefix))
                .toList();
    }

    @Test
    @DisplayName(
            "14.1: the drivers of MongoDB and Kafka are measured, with labels that are bounded")
    void measuresTheDriversWithBoundedLabels() throws Exception {
        try (RunningWatcher watcher =
                RunningWatcher.startReady(servers.environment(database, folder))) {
            servers.collection(database, "orders").insertOne(new Document("_id", 1));
            watcher.awaitCount("cdc.watcher.published", 1);
            assertThat(of(watcher, "mongodb.driver."))
                    .flatExtracting(meter -> meter.getId().getTags())
                    .extracting(Tag::getKey)
                    .containsOnly("server.address");
            assertThat(of(watcher, "mongodb.driver."))
                    .extracting(meter -> meter.getId().getName())
                    .contains("mongodb.driver.pool.size")
                    .doesNotContain("mongodb.driver.commands");
            assertThat(of(watcher, "kafka.producer."))
                    .flatExtracting(meter -> meter.getId().getTags())
                    .extracting(Tag::getKey)
                    .contains("client.id")
                    .isSubsetOf("client.id", "kafka.version", "node.id", "topic");
            watcher.stop();
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(of(watcher, "kafka.producer.")).isEmpty());
        }
    }
}
