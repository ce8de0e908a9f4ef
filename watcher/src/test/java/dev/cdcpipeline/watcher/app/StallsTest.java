package dev.cdcpipeline.watcher.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cdcpipeline.embedded.KafkaBroker;
import dev.cdcpipeline.testkit.Line;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.bson.Document;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What Kafka's client and MongoDB's driver wait for without end, and without a word. */
class StallsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    @RegisterExtension private static final Servers servers = new Servers();

    private final String database = servers.mongo.newDatabase();
    private final String topic = "cdc." + database + ".orders";

    @TempDir private Path folder;

    private RunningWatcher start(KafkaBroker broker, String... more) {
        Map<String, String> environment = servers.environment(database, folder, more);
        environment.put("WATCHER_KAFKA_BOOTSTRAP_SERVERS", broker.bootstrapServers());
        environment.put("WATCHER_PUBLISH_STALL_TIMEOUT", "2s");
        return RunningWatcher.startReady(environment);
    }

    private void insert(int from, int to) {
        for (int id = from; id <= to; id++) {
            servers.collection(database, "orders").insertOne(new Document("_id", id));
        }
    }

    private static Admin admin(KafkaBroker broker) {
        return Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
    }

    private void delete(KafkaBroker broker) throws Exception {
        try (Admin admin = admin(broker)) {
            admin.deleteTopics(List.of(topic)).all().get();
        }
    }

    private int partitions(KafkaBroker broker) throws Exception {
        try (Admin admin = admin(broker)) {
            var found = admin.describeTopics(List.of(topic)).allTopicNames().get().get(topic);
            return Objects.requireNonNull(found).partitions().size();
        }
    }

    private String configured(KafkaBroker broker, String name) throws Exception {
        var resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        try (Admin admin = admin(broker)) {
            var found = admin.describeConfigs(List.of(resource)).all().get().get(resource);
            return Objects.requireNonNull(found).get(name).value();
        }
    }

    private Set<Integer> ids(KafkaBroker broker) {
        return Topic.read(broker.bootstrapServers(), topic).stream()
                .map(
                        record ->
                                Objects.requireNonNull(record.event().documentKey())
                                        .id()
                                        .asNumber()
                                        .intValue())
                .collect(Collectors.toSet());
    }

    private void awaitIds(KafkaBroker broker, int from, int to) {
        await().atMost(PATIENCE)
                .ignoreExceptions()
                .untilAsserted(
                        () ->
                                assertThat(ids(broker))
                                        .containsAll(
                                                IntStream.rangeClosed(from, to).boxed().toList()));
    }

    /** Writes without pause, and knows the last number that was written. */
    private final class Writer implements AutoCloseable {
        private final AtomicBoolean stopped = new AtomicBoolean();
        private final AtomicInteger last = new AtomicInteger(1000);
        private final Thread thread = Thread.ofPlatform().daemon().start(this::write);

        private void write() {
            while (!stopped.get()) {
                int id = last.get() + 1;
                insert(id, id);
                last.set(id);
            }
        }

        int awaitMore(int more) {
            int before = last.get();
            await().atMost(PATIENCE).until(() -> last.get() >= before + more);
            return last.get();
        }

        @Override
        public void close() {
            stopped.set(true);
            await().atMost(PATIENCE).until(() -> !thread.isAlive());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @DisplayName(
            "case W5: a topic deleted under load is told of, made again with the configured partitions, and"
                    + " published to from the durable position, also where Kafka makes it itself")
    void makesADeletedTopicAgain(boolean autoCreate) throws Exception {
        try (KafkaBroker broker =
                        KafkaBroker.start(
                                Map.of("auto.create.topics.enable", String.valueOf(autoCreate)));
                RunningWatcher watcher = start(broker)) {
            insert(1, 10);
            watcher.awaitCount("cdc.watcher.published", 10);
            int deleted;
            int last;
            try (Writer writer = new Writer()) {
                var _ = writer.awaitMore(200);
                delete(broker);
                deleted = writer.last.get() + 1; // the next one begins after the deletion
                await().atMost(PATIENCE)
                        .until(
                                () ->
                                        watcher.count("cdc.watcher.restarts") > 0
                                                || watcher.count("cdc.watcher.retries") > 0);
                last = writer.awaitMore(50);
            }
            awaitIds(broker, deleted, last);
            await().atMost(PATIENCE).until(() -> partitions(broker) == 3);
            assertThat(configured(broker, TopicConfig.MAX_MESSAGE_BYTES_CONFIG))
                    .isEqualTo(String.valueOf(64 << 20));
            await().atMost(PATIENCE).until(watcher::ready);
            assertThat(watcher.gauge("cdc.watcher.unconfirmed.seconds")).isZero();

            insert(11, 20);
            awaitIds(broker, 11, 20);
            assertThat(partitions(broker)).isEqualTo(3);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @DisplayName(
            "case W5: a topic deleted while nothing is in flight is made again for the next event")
    void makesATopicAgainThatWasDeletedInIdleness(boolean autoCreate) throws Exception {
        try (KafkaBroker broker =
                        KafkaBroker.start(
                                Map.of("auto.create.topics.enable", String.valueOf(autoCreate)));
                RunningWatcher watcher = start(broker)) {
            insert(1, 10);
            watcher.awaitCount("cdc.watcher.published", 10);
            delete(broker);
            insert(11, 20);
            awaitIds(broker, 11, 20);
            await().atMost(PATIENCE).until(() -> partitions(broker) == 3);
            await().atMost(PATIENCE).until(watcher::ready);
            insert(21, 30);
            awaitIds(broker, 11, 30);
            assertThat(watcher.failure()).isNull();
        }
    }

    @Test
    @DisplayName("case W5: a broker that is away is told of, and waited for with the same session")
    void waitsForABrokerThatIsAway() throws Exception {
        try (KafkaBroker broker = KafkaBroker.start();
                RunningWatcher watcher = start(broker)) {
            insert(1, 1);
            watcher.awaitCount("cdc.watcher.published", 1);
            broker.stop();
            try {
                insert(2, 2);
                await().atMost(PATIENCE)
                        .untilAsserted(
                                () ->
                                        assertThat(watcher.health())
                                                .contains("\"ready\":false")
                                                .contains("Kafka has confirmed nothing for"));
                assertThat(watcher.gauge("cdc.watcher.unconfirmed.seconds")).isGreaterThan(2);
            } finally {
                broker.restart();
            }
            awaitIds(broker, 1, 2);
            await().atMost(PATIENCE).until(watcher::ready);
            assertThat(watcher.count("cdc.watcher.restarts")).isZero();
        }
    }

    @Test
    @DisplayName(
            "case W5: partitions added to a topic in use begin a new session, which knows them")
    void seesAddedPartitions() throws Exception {
        try (KafkaBroker broker = KafkaBroker.start();
                RunningWatcher watcher = start(broker)) {
            insert(1, 1);
            watcher.awaitCount("cdc.watcher.published", 1);
            try (Admin admin = admin(broker)) {
                admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(6))).all().get();
            }
            watcher.awaitCount("cdc.watcher.restarts", 1);
            servers.collection(database, "orders").drop();
            await().atMost(PATIENCE)
                    .untilAsserted(
                            () ->
                                    assertThat(Topic.read(broker.bootstrapServers(), topic))
                                            .extracting(Topic.Published::partition)
                                            .contains(0, 1, 2, 3, 4, 5));
            await().atMost(PATIENCE).until(watcher::ready);
        }
    }

    @Test
    @DisplayName("case W5: a broker that hangs with its connections open is named, and waited for")
    void namesABrokerThatHangs() throws Exception {
        try (Line line = new Line(1);
                KafkaBroker broker =
                        KafkaBroker.start(
                                Map.of(
                                        "advertised.listeners",
                                        "PLAINTEXT://127.0.0.1:" + line.port()))) {
            line.leadTo(URI.create("kafka://" + broker.bootstrapServers()).getPort());
            try (RunningWatcher watcher =
                    start(broker, "WATCHER_KAFKA_PROPERTIES_REQUEST_TIMEOUT_MS", "2000")) {
                insert(1, 1);
                watcher.awaitCount("cdc.watcher.published", 1);
                line.goDead();
                try {
                    insert(2, 2);
                    await().atMost(PATIENCE)
                            .untilAsserted(
                                    () ->
                                            assertThat(watcher.health())
                                                    .contains("\"ready\":false", "\"live\":true")
                                                    .contains("Kafka has confirmed nothing for"));
                } finally {
                    line.revive();
                }
                awaitIds(broker, 1, 2);
                await().atMost(PATIENCE).until(watcher::ready);
            }
        }
    }

    @Test
    @DisplayName(
            "case C4, W9: a look-up that MongoDB does not answer is named by health with its cause, given up and"
                    + " tried again")
    void givesUpALookUpThatHangs() throws Exception {
        assumeTrue(servers.mongo.isEmbedded());
        try (RunningWatcher watcher =
                start(servers.kafka, "WATCHER_CAPTURE_LOOK_UP_TIMEOUT", "1s")) {
            insert(1, 1);
            watcher.awaitCount("cdc.watcher.published", 1);
            hang("find", "alwaysOn");
            try {
                servers.collection(database, "orders")
                        .updateOne(
                                new Document("_id", 1), new Document("$set", new Document("a", 1)));
                await().atMost(PATIENCE)
                        .untilAsserted(
                                () ->
                                        assertThat(watcher.health())
                                                .contains("\"ready\":false", "\"live\":true")
                                                .contains("look-up failed"));
                await().atMost(PATIENCE).until(() -> watcher.count("cdc.watcher.retries") >= 2);
            } finally {
                hang("find", "off");
            }
            await().atMost(PATIENCE).until(watcher::ready);
            watcher.awaitCount("cdc.watcher.published", 2);
        }
    }

    @Test
    @DisplayName(
            "case C4, W9: a change stream that MongoDB does not answer is named by health, given up and opened again")
    void givesUpAStreamThatHangs() throws Exception {
        assumeTrue(servers.mongo.isEmbedded());
        try (RunningWatcher watcher =
                start(servers.kafka, "WATCHER_CAPTURE_ANSWER_TIMEOUT", "5s")) {
            insert(1, 1);
            watcher.awaitCount("cdc.watcher.published", 1);
            hang("getMore", "alwaysOn");
            try {
                await().atMost(PATIENCE)
                        .untilAsserted(
                                () ->
                                        assertThat(watcher.health())
                                                .contains("\"ready\":false", "\"live\":true")
                                                .contains("no answer for")
                                                .contains("getMore"));
                await().atMost(PATIENCE).until(() -> watcher.count("cdc.watcher.reconnects") >= 1);
            } finally {
                hang("getMore", "off");
            }
            insert(2, 2);
            watcher.awaitCount("cdc.watcher.published", 2);
            await().atMost(PATIENCE).until(watcher::ready);
        }
    }

    private static void hang(String command, Object mode) {
        var data =
                new Document("failCommands", List.of(command))
                        .append("appName", "cdc-watcher")
                        .append("blockConnection", true)
                        .append("blockTimeMS", 120_000);
        servers.client
                .getDatabase("admin")
                .runCommand(
                        new Document("configureFailPoint", "failCommand")
                                .append("mode", mode)
                                .append("data", data));
    }
}
