package dev.cdcpipeline.watcher.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;

import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Updates;

import dev.cdcpipeline.embedded.mongo.MongoReplicaSet;
import dev.cdcpipeline.model.Namespace;
import dev.cdcpipeline.model.wire.RecordKind;
import dev.cdcpipeline.model.wire.StreamId;
import dev.cdcpipeline.platform.config.ConfigurationException;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.ConfigResource;
import org.bson.Document;
import org.bson.types.Binary;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;

class RefusalsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    @RegisterExtension private static final Servers servers = new Servers();

    private final String database = servers.mongo.newDatabase();

    @TempDir private Path folder;

    private RunningWatcher start(String... more) {
        return RunningWatcher.startReady(servers.environment(database, folder, more));
    }

    private void awaitPublished(int count) {
        await().atMost(PATIENCE)
                .ignoreExceptions()
                .until(() -> servers.published(database, "orders").size() >= count);
    }

    private void smallTopic() throws Exception {
        try (Admin admin =
                Admin.create(Map.of("bootstrap.servers", servers.kafka.bootstrapServers()))) {
            NewTopic small =
                    new NewTopic("cdc." + database + ".orders", 1, (short) 1)
                            .configs(Map.of("max.message.bytes", "20000"));
            admin.createTopics(List.of(small)).all().get();
        }
    }

    /** Does not compress. */
    private static Binary noise(int bytes) {
        byte[] noise = new byte[bytes];
        new Random(1).nextBytes(noise);
        return new Binary(noise);
    }

    @Test
    @DisplayName(
            "I6: a record that Kafka never takes goes to the dead-letter topic, and the rest goes on in order, as another"
                    + " stream")
    void tellsTheDeadLetterTopicOfRecordsThatAreTooLarge() throws Exception {
        smallTopic();
        var orders = servers.collection(database, "orders");
        try (RunningWatcher watcher = start("WATCHER_PUBLISH_TOO_LARGE", "dead-letter")) {
            orders.insertOne(new Document("_id", 1));
            orders.insertOne(new Document("_id", 2).append("noise", noise(50_000)));
            orders.insertOne(new Document("_id", 3).append("text", "x".repeat(50_000)));
            orders.insertOne(new Document("_id", 4));
            awaitPublished(3);
            watcher.awaitCount("cdc.watcher.dead.letters", 1);
        }
        assertThat(ids()).containsExactly(1, 3, 4);
        assertANewStreamAfter(1);
    }

    /** An event is left out: what came after it is another stream, also after a restart. */
    private void assertANewStreamAfter(int records) throws Exception {
        try (RunningWatcher again = start("WATCHER_PUBLISH_TOO_LARGE", "dead-letter")) {
            servers.collection(database, "orders").insertOne(new Document("_id", 5));
            awaitPublished(4);
            again.stop();
        }
        List<StreamId> streams =
                servers.published(database, "orders").stream()
                        .map(each -> Objects.requireNonNull(each.headers().stream()))
                        .toList();
        assertThat(streams.subList(0, records)).doesNotContain(streams.get(records));
        assertThat(streams.subList(records, streams.size())).containsOnly(streams.get(records));
    }

    @Test
    @DisplayName(
            "I6: a record that the producer's max.request.size does not let pass goes to the dead-letter topic, though"
                    + " the topic takes more")
    void tellsTheDeadLetterTopicOfRecordsOverTheProducersLimit() throws Exception {
        var orders = servers.collection(database, "orders");
        try (RunningWatcher watcher =
                start(
                        "WATCHER_PUBLISH_TOO_LARGE",
                        "dead-letter",
                        "WATCHER_KAFKA_PROPERTIES_MAX_REQUEST_SIZE",
                        "20000")) {
            orders.insertOne(new Document("_id", 1));
            orders.insertOne(new Document("_id", 2).append("text", "x".repeat(50_000)));
            orders.insertOne(new Document("_id", 3));
            awaitPublished(2);
            watcher.awaitCount("cdc.watcher.dead.letters", 1);
        }
        assertThat(ids()).containsExactlyInAnyOrder(1, 3);
    }

    @Test
    @DisplayName(
            "3.4, I1: a record that Kafka refuses after it was handed over starts the stream again from the"
                    + " durable position: nothing is lost, nothing first comes out of order")
    void startsAgainFromTheDurablePosition() throws Exception {
        var orders = servers.collection(database, "orders");
        try (RunningWatcher watcher = start("WATCHER_PUBLISH_TOO_LARGE", "dead-letter")) {
            orders.insertOne(new Document("_id", 1));
            watcher.awaitCount("cdc.watcher.published", 1);
            // The Watcher has learned before that the topic takes more.
            lowerTheLimit();
            for (int i = 2; i <= 60; i++) {
                orders.insertOne(
                        i == 30
                                ? new Document("_id", i).append("noise", noise(50_000))
                                : new Document("_id", i));
            }
            watcher.awaitCount("cdc.watcher.dead.letters", 1);
            await().atMost(PATIENCE).until(() -> ids().containsAll(othersThan(30)));
            assertThat(watcher.count("cdc.watcher.restarts")).isPositive();
        }
        List<Topic.Published> records = servers.published(database, "orders");
        assertThat(records).extracting(RefusalsTest::id).doesNotContain(30);
        for (int partition = 0; partition < 3; partition++) {
            int each = partition;
            assertThat(records.stream().filter(record -> record.partition() == each))
                    .extracting(RefusalsTest::id)
                    .satisfies(ids -> assertThat(List.copyOf(new LinkedHashSet<>(ids))).isSorted());
        }
    }

    private List<Integer> ids() {
        return servers.published(database, "orders").stream().map(RefusalsTest::id).toList();
    }

    private static List<Integer> othersThan(int left) {
        return IntStream.rangeClosed(1, 60).filter(id -> id != left).boxed().toList();
    }

    private static int id(Topic.Published record) {
        return Objects.requireNonNull(record.event().documentKey()).id().asInt32().getValue();
    }

    private void lowerTheLimit() throws Exception {
        var topic = new ConfigResource(ConfigResource.Type.TOPIC, "cdc." + database + ".orders");
        var limit =
                new AlterConfigOp(
                        new ConfigEntry("max.message.bytes", "20000"), AlterConfigOp.OpType.SET);
        try (Admin admin =
                Admin.create(Map.of("bootstrap.servers", servers.kafka.bootstrapServers()))) {
            admin.incrementalAlterConfigs(Map.of(topic, List.of(limit))).all().get();
            await().atMost(PATIENCE)
                    .until(
                            () ->
                                    admin
                                            .describeConfigs(List.of(topic))
                                            .all()
                                            .get()
                                            .values()
                                            .stream()
                                            .map(config -> config.get("max.message.bytes").value())
                                            .anyMatch("20000"::equals));
        }
    }

    @Test
    @DisplayName(
            "12.1, I1: while there are too few brokers for a new topic the Watcher waits, says so, and loses nothing")
    void waitsForBrokersForANewTopic() throws Exception {
        try (RunningWatcher watcher = start("WATCHER_TOPIC_REPLICATION", "2")) {
            servers.collection(database, "orders").insertOne(new Document("_id", 1));
            await().atMost(PATIENCE)
                    .until(() -> watcher.health().contains("InvalidReplicationFactorException"));
            assertThat(watcher.ready()).isFalse();

            smallTopic(); // as there are enough of them, or by somebody who is content with one
            awaitPublished(1);
            await().atMost(PATIENCE).until(watcher::ready);
        }
    }

    @Test
    @DisplayName("I5: a topic that is there and takes small records only is reported at the start")
    void reportsATopicThatIsTooSmall() throws Exception {
        smallTopic();
        var logger = (Logger) LoggerFactory.getLogger("dev.cdcpipeline.watcher.publish");
        var logged = new ListAppender<ILoggingEvent>();
        logged.start();
        logger.addAppender(logged);
        try (RunningWatcher watcher = start()) {
            assertThat(watcher.ready()).isTrue();
        } finally {
            logger.detachAppender(logged);
        }
        assertThat(logged.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .filteredOn(message -> message.contains("max.message.bytes to"))
                .singleElement()
                .asString()
                .contains("20000");
    }

    @Test
    @DisplayName(
            "I5: a record that Kafka never takes stops the Watcher by default, which says what to do; nothing after it"
                    + " is published")
    void stopsAtARecordThatIsTooLarge() throws Exception {
        smallTopic();
        var orders = servers.collection(database, "orders");
        try (RunningWatcher watcher = start()) {
            orders.insertOne(new Document("_id", 1));
            orders.insertOne(new Document("_id", 2).append("noise", noise(50_000)));
            orders.insertOne(new Document("_id", 3));
            assertThat(watcher.awaitFailure())
                    .hasMessageContaining("max.message.bytes")
                    .hasMessageContaining(database + ".orders");
        }
        assertThat(servers.published(database, "orders")).hasSize(1);
    }

    @Test
    @DisplayName(
            "I5: a record over the producer's max.request.size stops the Watcher, which names that limit and no other")
    void namesTheProducersLimit() throws Exception {
        var orders = servers.collection(database, "orders");
        try (RunningWatcher watcher = start("WATCHER_KAFKA_PROPERTIES_MAX_REQUEST_SIZE", "20000")) {
            orders.insertOne(new Document("_id", 1).append("text", "x".repeat(50_000)));
            assertThat(watcher.awaitFailure())
                    .hasMessageContaining("max.request.size")
                    .hasMessageContaining("watcher.topic.max-message-bytes")
                    .hasMessageContaining(database + ".orders");
        }
    }

    @Test
    @DisplayName(
            "1.6, I5: a history that is lost stops the Watcher, which gives the operator the choices and commands")
    void stopsWhenTheHistoryIsLost() throws Exception {
        assumeTrue(servers.mongo.isEmbedded());
        var orders = servers.collection(database, "orders");
        start().close();
        for (int i = 0; i < 50; i++) {
            orders.insertOne(new Document("_id", i));
        }
        MongoReplicaSet mongo = servers.mongo.embedded();
        mongo.cutOplog(5);
        try (RunningWatcher watcher = RunningWatcher.start(servers.environment(database, folder))) {
            assertThat(watcher.awaitFailure())
                    .hasMessageContaining("286")
                    .hasMessageContaining("watcher.generation")
                    .hasMessageContaining("rm " + folder)
                    .hasMessageContaining("replSetResizeOplog");
        }
    }

    @Test
    @DisplayName(
            "2.3: a checkpoint of another scope is refused with a sentence, and accepted when so configured")
    void refusesACheckpointOfAnotherScope() throws Exception {
        start().close();
        try (RunningWatcher other =
                RunningWatcher.start(
                        servers.environment(
                                database, folder, "WATCHER_SCOPE_INCLUDE", database + ".orders"))) {
            assertThat(other.awaitFailure())
                    .hasMessageContaining("scope")
                    .hasMessageContaining("watcher.checkpoint.changed-scope");
        }
        start(
                        "WATCHER_SCOPE_INCLUDE",
                        database + ".orders",
                        "WATCHER_CHECKPOINT_CHANGED_SCOPE",
                        "accept")
                .close();
    }

    @Test
    @DisplayName(
            "1.5: drop becomes a sweep in every partition, and the stream goes on after an invalidate")
    void sweepsEveryPartitionOfADroppedCollection() throws Exception {
        var orders = servers.collection(database, "orders");
        try (RunningWatcher watcher = start("WATCHER_SCOPE_INCLUDE", database + ".orders")) {
            orders.insertOne(new Document("_id", 1));
            awaitPublished(1);
            orders.drop();
            awaitPublished(4);
            orders.insertOne(new Document("_id", 2));
            awaitPublished(5);
            await().atMost(PATIENCE).until(watcher::ready);
        }
        List<Topic.Published> records = servers.published(database, "orders");
        assertThat(records)
                .filteredOn(r -> r.headers().kind() == RecordKind.SWEEP)
                .extracting(Topic.Published::partition)
                .containsExactlyInAnyOrder(0, 1, 2);
        assertThat(records)
                .filteredOn(r -> r.headers().kind() == RecordKind.SWEEP)
                .allSatisfy(
                        r ->
                                assertThat(r.event().namespace())
                                        .isEqualTo(new Namespace(database, "orders")));
    }

    @Test
    @DisplayName(
            "1.1: an update whose document is gone at its look-up is left out and counted; its delete follows")
    void leavesOutUpdatesOfDocumentsThatAreGone() throws Exception {
        var orders = servers.collection(database, "orders");
        start().close();
        orders.insertOne(new Document("_id", 1));
        orders.updateOne(Filters.eq(1), Updates.set("a", 1));
        orders.deleteOne(Filters.eq(1));
        try (RunningWatcher watcher = start()) {
            awaitPublished(2);
            watcher.awaitCount("cdc.watcher.null.lookups", 1);
        }
        assertThat(servers.published(database, "orders"))
                .extracting(r -> r.event().operationName())
                .containsExactly("insert", "delete");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[{$match: {'fullDocument.tenant': 7}}]",
                "[{$project: {ns: 1, documentKey: 1, operationType: 1}}]",
                "[{$unset: 'fullDocument.secret'}]"
            })
    @DisplayName(
            "I5, 11.5: a pipeline that would miss looked-up documents is refused with batched look-ups, not obeyed"
                    + " by halves")
    void refusesAPipelineThatWouldMissLookedUpDocuments(String pipeline) {
        assertThatThrownBy(
                        () ->
                                RunningWatcher.start(
                                        servers.environment(
                                                database,
                                                folder,
                                                "WATCHER_SCOPE_PIPELINE",
                                                pipeline)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("watcher.scope.pipeline")
                .hasMessageContaining("watcher.post-image to server");
        start("WATCHER_SCOPE_PIPELINE", pipeline, "WATCHER_POST_IMAGE", "server").close();
    }

    @Test
    @DisplayName("11.5: everything that is wrong with a configuration is said at once")
    void saysEverythingThatIsWrongAtOnce() {
        Map<String, String> environment =
                servers.environment(
                        database,
                        folder,
                        "WATCHER_SCOPE_INCLUDE",
                        "orders",
                        "WATCHER_SCOPE_PIPELINE",
                        "[{$out: 'x'}]",
                        "WATCHER_CHECKPOINT_STORE",
                        "redis");
        assertThatThrownBy(() -> RunningWatcher.start(environment))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("watcher.scope.include")
                .hasMessageContaining("watcher.scope.pipeline")
                .hasMessageContaining("watcher.checkpoint.redis.url");
    }
}
