package dev.cdcpipeline.syncer.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.cdcpipeline.syncer.support.Database;
import dev.cdcpipeline.syncer.support.RunningSyncer;
import dev.cdcpipeline.syncer.support.Servers;
import dev.cdcpipeline.syncer.support.SyncerProcess;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** Kafka is named by a host that has no address, or not yet. */
class KafkaNameTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final String UNKNOWN = "no-such-host.invalid:9092";

    private final Database database = new Database(Servers.postgres(), "kafka-name");

    @TempDir private Path folder;

    private Map<String, String> environment(String servers, String topics) {
        var environment = RunningSyncer.environment(Servers.kafka(), database, topics);
        environment.put("SYNCER_KAFKA_BOOTSTRAP_SERVERS", servers);
        return environment;
    }

    @Test
    @DisplayName("7.5, 14.2: a Syncer whose Kafka has no address is not ready, says so, and waits")
    void isNotReadyWhileKafkaHasNoAddress() throws Exception {
        try (var syncer = new RunningSyncer(environment(UNKNOWN, "nameless[.].*"))) {
            await().atMost(LONG).until(() -> syncer.count("cdc.syncer.retries") > 1);
            assertThat(syncer.health().report().ready()).isFalse();
            assertThat(syncer.health().report().live()).isTrue();
            assertThat(syncer.health().report().toJson()).contains("looking for Kafka failed");
            assertThat(syncer.hasEnded()).isFalse();
            syncer.stop();
        }
    }

    @Test
    @DisplayName("7.5, 9.5: a signal ends the wait for Kafka's address, and the exit code is 0")
    void endsWellWhileItWaitsForAnAddress() throws Exception {
        try (var process = new SyncerProcess(environment(UNKNOWN, "nameless[.].*"))) {
            await().atMost(LONG).until(() -> !process.logged("looking for Kafka failed").isEmpty());
            assertThat(process.terminate()).isZero();
            assertThat(process.logged("ERROR")).isEmpty();
        }
    }

    @Test
    @DisplayName("7.5: a Syncer that had to wait for Kafka's address goes on when there is one")
    void goesOnWhenTheAddressIsKnown() throws Exception {
        Path hosts = folder.resolve("hosts");
        Files.writeString(hosts, "127.0.0.1 localhost\n");
        String broker = Servers.kafka().bootstrapServers();
        String late = "late-broker" + broker.substring(broker.lastIndexOf(':'));
        try (var process =
                new SyncerProcess(
                        environment(late, "late[.].*"),
                        "-Djdk.net.hosts.file=" + hosts,
                        "-Dsun.net.inetaddr.negative.ttl=0")) {
            await().atMost(LONG).until(() -> !process.logged("looking for Kafka failed").isEmpty());
            Files.writeString(hosts, "127.0.0.1 localhost late-broker\n");
            await().atMost(LONG)
                    .until(() -> !process.logged("no topic matches late[.].*").isEmpty());
            assertThat(process.terminate()).isZero();
        }
    }

    @Test
    @DisplayName("7.5: of several brokers one with an address is enough")
    void startsFromTheOneWithAnAddress() {
        String servers = UNKNOWN + "," + Servers.kafka().bootstrapServers();
        try (var syncer = new RunningSyncer(environment(servers, "mixed[.].*"))) {
            await().atMost(LONG).until(() -> syncer.health().report().ready());
        }
    }

    @Test
    @DisplayName("9.5: a client that cannot be made of its properties stops the Syncer, explained")
    void stopsWhenAClientCannotBeMade() throws Exception {
        var environment = environment(Servers.kafka().bootstrapServers(), "nameless[.].*");
        environment.put("SYNCER_KAFKA_PROPERTIES_SECURITY_PROTOCOL", "SSL");
        environment.put("SYNCER_KAFKA_PROPERTIES_SSL_TRUSTSTORE_LOCATION", "/no/such/file");
        try (var syncer = new RunningSyncer(environment)) {
            assertThat(syncer.failure())
                    .hasMessageStartingWith(
                            "The Kafka client cannot be created from syncer.kafka.properties (")
                    .hasMessageContaining("/no/such/file");
        }
    }
}
