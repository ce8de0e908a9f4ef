package dev.cdcpipeline.watcher.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.mongodb.MongoNamespace;
import com.mongodb.client.model.ChangeStreamPreAndPostImagesOptions;
import com.mongodb.client.model.CreateCollectionOptions;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Updates;

import dev.cdcpipeline.model.Namespace;
import dev.cdcpipeline.model.RawDocument;
import dev.cdcpipeline.model.wire.RecordKind;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.bson.Document;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Which events reach Kafka, in which shape, and what ends a collection. */
class ScopesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    @RegisterExtension private static final Servers servers = new Servers();

    private final String database = servers.mongo.newDatabase();

    @TempDir private Path folder;

    private RunningWatcher start(String... more) {
        return RunningWatcher.startReady(servers.environment(database, folder, more));
    }

    private List<Topic.Published> awaitPublished(String collection, int count) {
        return await().atMost(PATIENCE)
                .ignoreExceptions()
                .until(
                        () -> servers.published(database, collection),
                        records -> records.size() >= count);
    }

    private static List<Integer> sweptPartitions(List<Topic.Published> records, String operation) {
        return records.stream()
                .filter(r -> r.headers().kind() == RecordKind.SWEEP)
                .filter(r -> r.event().operationName().equals(operation))
                .map(Topic.Published::partition)
                .sorted()
                .toList();
    }

    private static List<Integer> keys(List<Topic.Published> records) {
        return records.stream()
                .map(r -> Objects.requireNonNull(r.event().documentKey()).id().asInt32().getValue())
                .toList();
    }

    @Test
    @DisplayName(
            "1.5, case W1: a rename sweeps every partition of both names, says that nothing is copied, and goes on under the new one")
    void sweepsBothNamesOfARenamedCollection() throws Exception {
        var drafts = servers.collection(database, "drafts");
        try (RunningWatcher watcher = start()) {
            drafts.insertOne(new Document("_id", 1));
            drafts.renameCollection(new MongoNamespace(database, "orders"));
            servers.collection(database, "orders").insertOne(new Document("_id", 2));
            List<Topic.Published> renamed = awaitPublished("orders", 4);
            assertThat(sweptPartitions(renamed, "sweep")).containsExactly(0, 1, 2);
            assertThat(renamed)
                    .extracting(record -> record.event().namespace())
                    .containsOnly(new Namespace(database, "orders"));
            assertThat(sweptPartitions(awaitPublished("drafts", 4), "rename"))
                    .containsExactly(0, 1, 2);
            watcher.awaitCount("cdc.watcher.renames.not.copied", 1);
        }
    }

    @Test
    @DisplayName("1.5: a rename out of the scope sweeps the old name, and nothing is missing")
    void sweepsACollectionThatLeavesTheScope() throws Exception {
        var orders = servers.collection(database, "orders");
        try (RunningWatcher watcher = start("WATCHER_SCOPE_EXCLUDE", database + ".old*")) {
            orders.insertOne(new Document("_id", 1));
            orders.renameCollection(new MongoNamespace(database, "old_orders"));
            assertThat(sweptPartitions(awaitPublished("orders", 4), "rename"))
                    .containsExactly(0, 1, 2);
            assertThat(watcher.count("cdc.watcher.renames.not.copied")).isZero();
        }
    }

    @Test
    @DisplayName(
            "1.5, case W1: dropDatabase sweeps every partition of every collection, and the stream goes on with a new database")
    void sweepsEveryCollectionOfADroppedDatabase() throws Exception {
        try (RunningWatcher watcher = start()) {
            for (String name : List.of("orders", "people")) {
                servers.collection(database, name).insertOne(new Document("_id", 1));
                awaitPublished(name, 1);
            }
            servers.client.getDatabase(database).drop();
            for (String name : List.of("orders", "people")) {
                assertThat(sweptPartitions(awaitPublished(name, 7), "sweep"))
                        .containsExactly(0, 1, 2);
                assertThat(sweptPartitions(servers.published(database, name), "drop"))
                        .containsExactly(0, 1, 2);
            }
            servers.collection(database, "orders").insertOne(new Document("_id", 2));
            awaitPublished("orders", 8);
            await().atMost(PATIENCE).until(watcher::ready);
        }
    }

    @Test
    @DisplayName("case W20: partitions that were added while it runs get the sweep, too")
    void sweepsPartitionsThatWereAdded() throws Exception {
        var orders = servers.collection(database, "orders");
        try (RunningWatcher watcher = start();
                Admin admin =
                        Admin.create(
                                Map.of("bootstrap.servers", servers.kafka.bootstrapServers()))) {
            orders.insertOne(new Document("_id", 1));
            awaitPublished("orders", 1);
            admin.createPartitions(
                            Map.of("cdc." + database + ".orders", NewPartitions.increaseTo(6)))
                    .all()
                    .get();
            orders.drop();
            assertThat(sweptPartitions(awaitPublished("orders", 7), "drop"))
                    .containsExactly(0, 1, 2, 3, 4, 5);
            assertThat(watcher.failure()).isNull();
        }
    }

    @Test
    @DisplayName(
            "1.2: wildcards and exclusions are filtered on the server: what is not in the scope never arrives")
    void filtersOnTheServer() throws Exception {
        try (RunningWatcher watcher =
                start(
                        "WATCHER_SCOPE_INCLUDE",
                        database + ".order*," + database + ".people",
                        "WATCHER_SCOPE_EXCLUDE",
                        database + ".order_log*")) {
            for (String name : List.of("order_log", "order_logs", "other", "people", "orders")) {
                for (int i = 0; i < 5; i++) {
                    servers.collection(database, name).insertOne(new Document("_id", i));
                }
            }
            assertThat(keys(awaitPublished("orders", 5))).containsExactlyInAnyOrder(0, 1, 2, 3, 4);
            assertThat(keys(awaitPublished("people", 5))).hasSize(5);
            assertThat(watcher.count("cdc.watcher.captured")).isEqualTo(10);
            assertThat(watcher.count("cdc.watcher.published.bytes")).isPositive();
        }
    }

    @Test
    @DisplayName(
            "1.2: a pattern of several databases waits for a collection that does not exist yet")
    void waitsForACollectionThatDoesNotExistYet() throws Exception {
        String second = servers.mongo.newDatabase();
        try (RunningWatcher watcher =
                start("WATCHER_SCOPE_INCLUDE", database + ".*," + second + ".orders")) {
            servers.collection(second, "people").insertOne(new Document("_id", 1));
            servers.collection(second, "orders").insertOne(new Document("_id", 2));
            List<Topic.Published> records =
                    await().atMost(PATIENCE)
                            .ignoreExceptions()
                            .until(() -> servers.published(second, "orders"), r -> !r.isEmpty());
            assertThat(keys(records)).containsExactly(2);
            assertThat(watcher.count("cdc.watcher.captured")).isEqualTo(1);
        }
    }

    @Test
    @DisplayName("1.2: Watchers with disjoint scopes share the work: each change is published once")
    void watchersShareTheWork(@TempDir Path folderOfTheSecond) throws Exception {
        try (RunningWatcher first = start("WATCHER_SCOPE_INCLUDE", database + ".a*");
                RunningWatcher second =
                        RunningWatcher.startReady(
                                servers.environment(
                                        database,
                                        folderOfTheSecond,
                                        "WATCHER_SCOPE_EXCLUDE",
                                        database + ".a*"))) {
            for (int i = 0; i < 5; i++) {
                servers.collection(database, "apples").insertOne(new Document("_id", i));
                servers.collection(database, "pears").insertOne(new Document("_id", i));
            }
            first.awaitCount("cdc.watcher.published", 5);
            second.awaitCount("cdc.watcher.published", 5);
            assertThat(keys(awaitPublished("apples", 5))).containsExactlyInAnyOrder(0, 1, 2, 3, 4);
            assertThat(keys(awaitPublished("pears", 5))).containsExactlyInAnyOrder(0, 1, 2, 3, 4);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"batched", "server", "required", "when-available"})
    @DisplayName(
            "1.2: excluded fields never leave the server, in whole documents and in descriptions of updates")
    void excludedFieldsNeverLeaveTheServer(String postImage) throws Exception {
        if (List.of("required", "when-available").contains(postImage)) {
            servers.requires(600, "post-images");
            createWithImages();
        }
        var orders = servers.collection(database, "orders");
        try (RunningWatcher watcher =
                start(
                        "WATCHER_POST_IMAGE",
                        postImage,
                        "WATCHER_SCOPE_EXCLUDE_FIELDS",
                        "ssn,card.number")) {
            orders.insertOne(
                    Document.parse(
                            "{_id: 1, ssn: 'canary1', card: {number: 'canary2', kind: 'x'}}"));
            orders.updateOne(
                    Filters.eq(1),
                    Updates.combine(
                            Updates.set("ssn", "canary3"),
                            Updates.set("card.number", "canary4"),
                            Updates.set("a", 1)));
            awaitPublished("orders", 2);
            orders.replaceOne(Filters.eq(1), Document.parse("{ssn: 'canary5', a: 2}"));
            List<Topic.Published> records = awaitPublished("orders", 3);
            assertThat(records)
                    .extracting(r -> r.event().document().toBsonDocument().toJson())
                    .allSatisfy(json -> assertThat(json).doesNotContain("canary"));
            RawDocument updated = Objects.requireNonNull(records.get(1).event().fullDocument());
            assertThat(updated.toBsonDocument().toJson())
                    .isEqualTo("{\"_id\": 1, \"card\": {\"kind\": \"x\"}, \"a\": 1}");
            assertThat(watcher.count("cdc.watcher.null.lookups")).isZero();
        }
    }

    private void createWithImages() {
        servers.client
                .getDatabase(database)
                .createCollection(
                        "orders",
                        new CreateCollectionOptions()
                                .changeStreamPreAndPostImagesOptions(
                                        new ChangeStreamPreAndPostImagesOptions(true)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"batched", "server"})
    @DisplayName("1.2: the operator's own stages run on the server")
    void runsTheOperatorsStages(String postImage) throws Exception {
        String pipeline = "[{$match: {'documentKey._id': {$gte: 10}}}, {$unset: 'wallTime'}]";
        var orders = servers.collection(database, "orders");
        try (RunningWatcher watcher =
                start("WATCHER_SCOPE_PIPELINE", pipeline, "WATCHER_POST_IMAGE", postImage)) {
            for (int i = 5; i < 15; i++) {
                orders.insertOne(new Document("_id", i));
            }
            orders.updateOne(Filters.eq(7), Updates.set("a", 1));
            orders.updateOne(Filters.eq(12), Updates.set("a", 1));
            List<Topic.Published> records = awaitPublished("orders", 6);
            assertThat(keys(records)).containsExactlyInAnyOrder(10, 11, 12, 12, 13, 14);
            assertThat(records).allSatisfy(r -> assertThat(r.event().wallTime()).isNull());
            assertThat(watcher.count("cdc.watcher.captured")).isEqualTo(6);
        }
    }

    @Test
    @DisplayName("1.7: an event over 16 MB, split by the server, is one whole record in Kafka")
    void putsSplitEventsTogether() throws Exception {
        servers.requires(700, "events split by the server");
        String half = "x".repeat(9 << 20);
        var orders = servers.collection(database, "orders");
        orders.insertOne(new Document("_id", 1));
        start("WATCHER_POST_IMAGE", "server").close();
        orders.updateOne(Filters.eq(1), Updates.set("half", half));
        orders.insertOne(new Document("_id", 2));
        try (RunningWatcher watcher = start("WATCHER_POST_IMAGE", "server")) {
            List<Topic.Published> records = awaitPublished("orders", 2);
            assertThat(keys(records)).containsExactlyInAnyOrder(1, 2);
            assertThat(watcher.count("cdc.watcher.split.events")).isEqualTo(1);
            var large = records.get(keys(records).indexOf(1)).event();
            assertThat(Objects.requireNonNull(large.fullDocument()).string("half")).isEqualTo(half);
            assertThat(large.updateDescription()).isNotNull();
            assertThat(large.document().has("splitEvent")).isFalse();
        }
    }
}
