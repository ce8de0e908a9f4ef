package dev.cdcpipeline.watcher.app;

import static org.apache.kafka.common.acl.AclPermissionType.ALLOW;
import static org.apache.kafka.common.acl.AclPermissionType.DENY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.mongodb.MongoNamespace;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.RenameCollectionOptions;

import dev.cdcpipeline.embedded.KafkaBroker;
import dev.cdcpipeline.embedded.RedisServer;
import dev.cdcpipeline.embedded.mongo.MongoReplicaSet;
import dev.cdcpipeline.model.DocumentKey;
import dev.cdcpipeline.platform.failure.Explained;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.bson.Document;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import redis.clients.jedis.Jedis;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A Watcher without a checkpoint, whose topics hold what was published before. */
class LostCheckpointTest {
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final Map<String, String> AUTHORIZER =
            Map.of(
                    "authorizer.class.name",
                    "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
                    "allow.everyone.if.no.acl.found",
                    "true");
    @RegisterExtension private static final Servers servers = new Servers();

    private final String database = servers.mongo.newDatabase();

    @TempDir private Path folder;

    private RunningWatcher start(String... more) {
        return RunningWatcher.start(servers.environment(database, folder, more));
    }

    private MongoCollection<Document> orders() {
        return servers.collection(database, "orders");
    }

    private String topic() {
        return "cdc." + database + ".orders";
    }

    private List<Integer> published(String collection) {
        return servers.published(database, collection).stream()
                .map(each -> each.event().documentKey())
                .filter(key -> key != null)
                .map(DocumentKey::id)
                .map(id -> id.asInt32().getValue())
                .distinct()
                .sorted()
                .toList();
    }

    private void awaitPublished(Integer... ids) {
        await().atMost(PATIENCE)
                .ignoreExceptions()
                .until(() -> published("orders"), List.of(ids)::equals);
    }

    /** Publishes the document 1 and ends. */
    private void publishedBefore(String... more) throws Exception {
        try (RunningWatcher watcher = start(more)) {
            await().atMost(PATIENCE).until(watcher::ready);
            orders().insertOne(new Document("_id", 1));
            awaitPublished(1);
            watcher.stop();
        }
    }

    private void loseTheCheckpoint() throws IOException {
        for (String name : List.of("checkpoint", "checkpoint.previous")) {
            Files.deleteIfExists(folder.resolve(name));
        }
    }

    private void assertRefused(RunningWatcher watcher, String... sentence) throws Exception {
        try (watcher) {
            assertThat(watcher.awaitFailure())
                    .isInstanceOf(Explained.class)
                    .hasMessageContaining("there is no checkpoint (")
                    .hasMessageContainingAll(sentence);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @DisplayName(
            "case W11: a Watcher whose checkpoint was removed, after a stop or a kill, goes on after the newest record of"
                    + " its topics (I5)")
    void goesOnWhereItsTopicsEnd(boolean killed) throws Exception {
        try (RunningWatcher first = start()) {
            await().atMost(PATIENCE).until(first::ready);
            orders().insertOne(new Document("_id", 1));
            awaitPublished(1);
            if (killed) {
                first.kill();
            } else {
                first.stop();
            }
        }
        loseTheCheckpoint();
        orders().insertOne(new Document("_id", 2));
        try (RunningWatcher second = start()) {
            await().atMost(PATIENCE).until(second::ready);
            orders().insertOne(new Document("_id", 3));
            awaitPublished(1, 2, 3);
        }
        assertThat(servers.published(database, "orders"))
                .allSatisfy(each -> assertThat(each.headers().stream()).isNotNull())
                .allSatisfy(each -> assertThat(each.durable()).isNotNull());
    }

    @Test
    @DisplayName("case W11: it finds its place however often it loses its checkpoint")
    void goesOnHoweverOften() throws Exception {
        publishedBefore();
        for (int id = 2; id <= 5; id++) {
            loseTheCheckpoint();
            orders().insertOne(new Document("_id", id));
            try (RunningWatcher next = start()) {
                await().atMost(PATIENCE).until(() -> next.count("cdc.watcher.published") > 0);
                next.kill();
            }
        }
        loseTheCheckpoint();
        try (RunningWatcher last = start()) {
            awaitPublished(1, 2, 3, 4, 5);
            await().atMost(PATIENCE).until(last::ready);
        }
    }

    @Test
    @DisplayName("case W11: a Watcher whose Redis was emptied while it was away goes on there too")
    void goesOnAfterARedisThatWasEmptied() throws Exception {
        try (RedisServer redis = RedisServer.start();
                Jedis client = new Jedis(redis.host(), redis.port())) {
            String[] store = {
                "WATCHER_CHECKPOINT_STORE", "redis", "WATCHER_CHECKPOINT_REDIS_URL", redis.url()
            };
            publishedBefore(store);
            client.flushAll();
            orders().insertOne(new Document("_id", 2));
            try (RunningWatcher second = start(store)) {
                awaitPublished(1, 2);
                await().atMost(PATIENCE).until(second::ready);
            }
        }
    }

    @Test
    @DisplayName("case W11: it finds its place in a topic whose name has a hash, too")
    void goesOnInATopicWithAHash() throws Exception {
        String collection = "déjà vu";
        String[] scope = {"WATCHER_SCOPE_INCLUDE", database + "." + collection};
        try (RunningWatcher first = start(scope)) {
            await().atMost(PATIENCE).until(first::ready);
            servers.collection(database, collection).insertOne(new Document("_id", 1));
            first.awaitCount("cdc.watcher.published", 1);
        }
        loseTheCheckpoint();
        servers.collection(database, collection).insertOne(new Document("_id", 2));
        try (RunningWatcher second = start(scope)) {
            await().atMost(PATIENCE).until(() -> second.count("cdc.watcher.published") >= 1);
            await().atMost(PATIENCE).until(second::ready);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @DisplayName(
            "case W11: it goes on after the last record was the end of a collection, also where that ended the stream")
    void goesOnAfterADrop(boolean oneCollection) throws Exception {
        String[] scope = {"WATCHER_SCOPE_INCLUDE", database + (oneCollection ? ".orders" : ".*")};
        publishedBefore(scope);
        try (RunningWatcher second = start(scope)) {
            orders().drop();
            second.awaitCount("cdc.watcher.published", 3);
            second.stop();
        }
        loseTheCheckpoint();
        orders().insertOne(new Document("_id", 2));
        try (RunningWatcher third = start(scope)) {
            awaitPublished(1, 2);
            await().atMost(PATIENCE).until(third::ready);
        }
    }

    @Test
    @DisplayName(
            "cases W1, W11: it goes on after the last record told a collection that its database"
                    + " was dropped")
    void goesOnAfterADroppedDatabase() throws Exception {
        publishedBefore();
        try (RunningWatcher second = start()) {
            servers.client.getDatabase(database).drop();
            second.awaitCount("cdc.watcher.published", 6);
            second.stop();
        }
        assertGoesOnWithoutTheCheckpoint();
    }

    @Test
    @DisplayName(
            "cases W1, W11: it goes on after the last record told a collection that another one had"
                    + " taken its place")
    void goesOnAfterARenameOver() throws Exception {
        String[] scope = {"WATCHER_SCOPE_EXCLUDE", database + ".outside"};
        publishedBefore(scope);
        try (RunningWatcher second = start(scope)) {
            await().atMost(PATIENCE).until(second::ready);
            servers.collection(database, "outside").insertOne(new Document("_id", 9));
            servers.collection(database, "outside")
                    .renameCollection(
                            new MongoNamespace(database, "orders"),
                            new RenameCollectionOptions().dropTarget(true));
            second.awaitCount("cdc.watcher.published", 3);
            second.stop();
        }
        assertGoesOnWithoutTheCheckpoint(scope);
    }

    private void assertGoesOnWithoutTheCheckpoint(String... more) throws Exception {
        loseTheCheckpoint();
        orders().insertOne(new Document("_id", 2));
        try (RunningWatcher next = start(more)) {
            awaitPublished(1, 2);
            await().atMost(PATIENCE).until(next::ready);
        }
    }

    @Test
    @DisplayName(
            "case W11: it finds its place before records of other programs and of transactions that"
                    + " were aborted")
    void looksBackOverOtherRecords() throws Exception {
        publishedBefore();
        try (ForeignRecords foreign = new ForeignRecords(servers.kafka.bootstrapServers())) {
            foreign.send(topic(), 20);
            foreign.abort(topic(), 20);
        }
        loseTheCheckpoint();
        orders().insertOne(new Document("_id", 2));
        try (RunningWatcher second = start()) {
            second.awaitCount("cdc.watcher.published", 2);
            await().atMost(PATIENCE).until(second::ready);
        }
    }

    @Test
    @DisplayName(
            "case W11: it goes on after what was confirmed, not after the newest record: one before that may be missing")
    void goesOnAfterWhatWasConfirmed() throws Exception {
        publishedBefore();
        try (ForeignRecords foreign = new ForeignRecords(servers.kafka.bootstrapServers())) {
            foreign.copyAnHourAhead(topic());
        }
        loseTheCheckpoint();
        orders().insertOne(new Document("_id", 2));
        try (RunningWatcher second = start()) {
            awaitPublished(1, 2);
            await().atMost(PATIENCE).until(second::ready);
        }
    }

    @Test
    @DisplayName("2.3: where the topics never held a record, the first start begins now")
    void startsFromNowInAnEmptyWorld() throws Exception {
        makeTopic(topic());
        orders().insertOne(new Document("_id", 1));
        try (RunningWatcher watcher = start()) {
            await().atMost(PATIENCE).until(watcher::ready);
            orders().insertOne(new Document("_id", 2));
            awaitPublished(2);
        }
    }

    @Test
    @DisplayName(
            "case W11: an operator who raises watcher.generation starts from now, whatever the topics hold")
    void startsFromNowInAHigherGeneration() throws Exception {
        publishedBefore();
        loseTheCheckpoint();
        orders().insertOne(new Document("_id", 2));
        try (RunningWatcher second = start("WATCHER_GENERATION", "2")) {
            await().atMost(PATIENCE).until(second::ready);
            orders().insertOne(new Document("_id", 3));
            awaitPublished(1, 3);
        }
    }

    @ParameterizedTest
    @CsvSource({"now", "2026-01-31T12:00:00Z"})
    @DisplayName(
            "case W8: without a checkpoint, a generation below that of the newest record is refused, whatever the start")
    void refusesALowerGeneration(String begin) throws Exception {
        publishedBefore("WATCHER_GENERATION", "2");
        loseTheCheckpoint();
        assertRefused(
                start("WATCHER_START", begin),
                topic(),
                "has generation 2",
                "watcher.generation is 1",
                "Set watcher.generation to 2",
                "or to 3");
        orders().insertOne(new Document("_id", 2));
        try (RunningWatcher second = start("WATCHER_GENERATION", "2")) {
            awaitPublished(1, 2);
            await().atMost(PATIENCE).until(second::ready);
        }
    }

    @Test
    @DisplayName("case W11: it refuses where retention has taken every record of its topics")
    void refusesWhereEverythingIsGone() throws Exception {
        Instant begin = Instant.now();
        publishedBefore();
        loseTheCheckpoint();
        deleteAllRecords();
        assertRefused(start(), topic() + " held records", "set watcher.start to an instant");
        try (RunningWatcher second = start("WATCHER_START", begin.toString())) {
            await().atMost(PATIENCE).until(() -> second.count("cdc.watcher.published") > 0);
        }
    }

    @Test
    @DisplayName("case W11: it refuses where the topics hold records of other programs only")
    void refusesWhereOthersPublished() throws Exception {
        makeTopic(topic());
        try (ForeignRecords foreign = new ForeignRecords(servers.kafka.bootstrapServers())) {
            foreign.send(topic(), 5);
        }
        assertRefused(start(), topic() + " held records", "set watcher.start to an instant");
    }

    @Test
    @DisplayName(
            "case W11: it refuses where an older version published, which did not say what was durable")
    void refusesWhereAnOlderVersionPublished() throws Exception {
        publishedBefore();
        String people = "cdc." + database + ".people";
        makeTopic(people);
        try (ForeignRecords foreign = new ForeignRecords(servers.kafka.bootstrapServers())) {
            foreign.copyWithoutStreams(topic(), people);
        }
        assertRefused(
                start(
                        "WATCHER_SCOPE_INCLUDE",
                        database + ".people",
                        "WATCHER_CHECKPOINT_FILE_PATH",
                        folder.resolve("another").toString()),
                "an older version or a Watcher of another cluster, scope or pipeline",
                "watcher.start",
                "set watcher.generation to 2");
    }

    @Test
    @DisplayName(
            "case W11: without the right to read its topics it refuses, and begins at an instant that an operator sets")
    void refusesWithoutTheRightToRead() throws Exception {
        Instant begin = Instant.now();
        try (KafkaBroker guarded = KafkaBroker.start(AUTHORIZER)) {
            String brokers = guarded.bootstrapServers();
            try (RunningWatcher first = start("WATCHER_KAFKA_BOOTSTRAP_SERVERS", brokers)) {
                await().atMost(PATIENCE).until(first::ready);
                orders().insertOne(new Document("_id", 1));
                first.awaitCount("cdc.watcher.published", 1);
            }
            loseTheCheckpoint();
            denyReading(brokers);
            assertRefused(
                    start("WATCHER_KAFKA_BOOTSTRAP_SERVERS", brokers),
                    "may not read " + topic(),
                    "--operation Read",
                    "set watcher.start");
            try (RunningWatcher second =
                    start(
                            "WATCHER_KAFKA_BOOTSTRAP_SERVERS",
                            brokers,
                            "WATCHER_START",
                            begin.toString())) {
                second.awaitCount("cdc.watcher.published", 1);
            }
        }
    }

    private static void denyReading(String brokers) throws Exception {
        var topics = new ResourcePattern(ResourceType.TOPIC, "cdc.", PatternType.PREFIXED);
        var denied = new AccessControlEntry("User:*", "*", AclOperation.READ, DENY);
        var allowed = new AccessControlEntry("User:*", "*", AclOperation.ALL, ALLOW);
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", brokers))) {
            admin.createAcls(
                            List.of(
                                    new AclBinding(topics, denied),
                                    new AclBinding(topics, allowed)))
                    .all()
                    .get();
        }
    }

    @Test
    @DisplayName("case W11: it refuses to go on where a Watcher of another scope was")
    void refusesThePlaceOfAnotherScope() throws Exception {
        publishedBefore("WATCHER_SCOPE_INCLUDE", database + ".orders");
        loseTheCheckpoint();
        assertRefused(start(), topic(), "a Watcher of another cluster, scope or pipeline");
    }

    @Test
    @DisplayName("case W11: it refuses to go on where a Watcher of another cluster was")
    void refusesThePlaceOfAnotherCluster() throws Exception {
        assumeTrue(servers.mongo.isEmbedded());
        publishedBefore();
        loseTheCheckpoint();
        try (MongoReplicaSet another = MongoReplicaSet.start()) {
            assertRefused(
                    start("WATCHER_MONGODB_URI", another.uri()),
                    topic(),
                    "did not happen in the cluster of watcher.mongodb.uri");
        }
    }

    @Test
    @DisplayName(
            "case W11, 1.6: where the oplog no longer holds the place, it stops with error 286")
    void stopsWhereTheOplogNoLongerHoldsThePlace() throws Exception {
        assumeTrue(servers.mongo.isEmbedded());
        publishedBefore();
        loseTheCheckpoint();
        for (int id = 2; id < 10; id++) {
            orders().insertOne(new Document("_id", id));
        }
        servers.mongo.embedded().cutOplog(3);
        try (RunningWatcher second = start()) {
            assertThat(second.awaitFailure()).hasMessageContaining("286");
        }
    }

    private Admin admin() {
        return Admin.create(Map.of("bootstrap.servers", servers.kafka.bootstrapServers()));
    }

    private void makeTopic(String name) throws Exception {
        try (Admin admin = admin()) {
            admin.createTopics(List.of(new NewTopic(name, 3, (short) 1))).all().get();
        }
    }

    private void deleteAllRecords() throws Exception {
        List<TopicPartition> partitions =
                Stream.of(0, 1, 2).map(each -> new TopicPartition(topic(), each)).toList();
        try (Admin admin = admin()) {
            Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
            partitions.forEach(each -> latest.put(each, OffsetSpec.latest()));
            Map<TopicPartition, RecordsToDelete> all = new HashMap<>();
            admin.listOffsets(latest)
                    .all()
                    .get()
                    .forEach(
                            (each, end) ->
                                    all.put(each, RecordsToDelete.beforeOffset(end.offset())));
            admin.deleteRecords(all).all().get();
        }
    }
}
