package dev.cdcpipeline.watcher.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;

/** Kafka is named by a host that has no address. */
class KafkaNameTest {
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final String UNKNOWN = "no-such-host.invalid:9092";
    @RegisterExtension private static final Servers servers = new Servers();

    private final String database = servers.mongo.newDatabase();

    @TempDir private Path folder;

    private RunningWatcher start(String bootstrapServers, String... more) {
        var environment = servers.environment(database, folder, more);
        environment.put("WATCHER_KAFKA_BOOTSTRAP_SERVERS", bootstrapServers);
        return RunningWatcher.start(environment);
    }

    @Test
    @DisplayName("7.5, 14.2: a Watcher whose Kafka has no address is not ready, says so, and waits")
    void waitsWhileKafkaHasNoAddress() throws Exception {
        try (RunningWatcher watcher = start(UNKNOWN)) {
            await().atMost(PATIENCE).until(() -> watcher.count("cdc.watcher.retries") > 1);
            assertThat(watcher.ready()).isFalse();
            assertThat(watcher.health())
                    .contains("no address is known for no-such-host.invalid", "\"live\":true");
            watcher.stop();
        }
    }

    @Test
    @DisplayName("7.5: of several brokers one with an address is enough")
    void startsFromTheOneWithAnAddress() {
        try (RunningWatcher watcher = start(UNKNOWN + "," + servers.kafka.bootstrapServers())) {
            await().atMost(PATIENCE).until(watcher::ready);
        }
    }

    @Test
    @DisplayName("9.5: a client that cannot be made of its properties stops the Watcher, explained")
    void stopsWhenAClientCannotBeMade() throws Exception {
        try (RunningWatcher watcher =
                start(
                        servers.kafka.bootstrapServers(),
                        "WATCHER_KAFKA_PROPERTIES_SECURITY_PROTOCOL",
                        "SSL",
                        "WATCHER_KAFKA_PROPERTIES_SSL_TRUSTSTORE_LOCATION",
                        "/no/such/file")) {
            assertThat(watcher.awaitFailure())
                    .hasMessageStartingWith(
                            "The Kafka client cannot be created from watcher.kafka.properties (")
                    .hasMessageContaining("/no/such/file");
        }
    }
}
