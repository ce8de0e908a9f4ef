package dev.cdcpipeline.watcher.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Updates;

import dev.cdcpipeline.embedded.KafkaBroker;
import dev.cdcpipeline.embedded.mongo.ServerVersion;
import dev.cdcpipeline.embedded.mongo.ShardedCluster;
import dev.cdcpipeline.embedded.mongo.sharding.MoveOrder;
import dev.cdcpipeline.model.wire.RecordKind;

import org.awaitility.Awaitility;
import org.bson.Document;
import org.bson.types.MinKey;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;

/** What a Watcher makes of events that only a sharded cluster has. */
@Timeout(180)
class ShardedClusterTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final AtomicInteger DATABASES = new AtomicInteger();
    private static final KafkaBroker kafka = KafkaBroker.start();

    private final String name = "sh" + DATABASES.incrementAndGet();
    private final ShardedCluster cluster =
            ShardedCluster.builder().version(ServerVersion.V7_0).start();
    private final MongoClient client = MongoClients.create(cluster.uri());
    private final MongoDatabase database = client.getDatabase(name);
    private final MongoCollection<Document> geo = database.getCollection("geo");
    private final MongoCollection<Document> plain = database.getCollection("plain");

    @TempDir private Path folder;

    @BeforeEach
    void shard() {
        cluster.shardCollection(
                name + ".geo",
                new Document("country", 1).append("_id", 1),
                new Document("country", "N").append("_id", new MinKey()),
                1);
    }

    @AfterEach
    void stopTheCluster() {
        try (cluster;
                client) {
            // Closed in reverse order.
        }
    }

    @AfterAll
    static void stopKafka() {
        kafka.close();
    }

    private RunningWatcher start(String... more) {
        Map<String, String> environment =
                new TreeMap<>(
                        Map.of(
                                "WATCHER_MONGODB_URI",
                                cluster.uri(),
                                "WATCHER_SCOPE_INCLUDE",
                                name + ".*",
                                "WATCHER_KAFKA_BOOTSTRAP_SERVERS",
                                kafka.bootstrapServers(),
                                "WATCHER_TOPIC_PARTITIONS",
                                "3",
                                "WATCHER_CHECKPOINT_FILE_PATH",
                                folder.resolve("c").toString(),
                                "WATCHER_CAPTURE_AWAIT",
                                "100ms",
                                "WATCHER_RETRY_INITIAL",
                                "20ms",
                                "WATCHER_RETRY_MAX",
                                "500ms"));
        for (int i = 0; i < more.length; i += 2) {
            environment.put(more[i], more[i + 1]);
        }
        return RunningWatcher.startReady(environment);
    }

    private List<Topic.Published> published(String collection) {
        return Topic.read(kafka.bootstrapServers(), "cdc." + name + "." + collection);
    }

    private List<Topic.Published> await(String collection, String operation, int count) {
        return Awaitility.await()
                .atMost(PATIENCE)
                .ignoreExceptions()
                .until(() -> of(published(collection), operation), found -> found.size() >= count);
    }

    private static List<Topic.Published> of(List<Topic.Published> records, String operation) {
        return records.stream()
                .filter(each -> each.event().operationName().equals(operation))
                .toList();
    }

    private static List<Integer> ids(List<Topic.Published> records) {
        return records.stream()
                .map(r -> Objects.requireNonNull(r.event().documentKey()).id().asInt32().getValue())
                .sorted()
                .toList();
    }

    private static long sweeps(List<Topic.Published> records) {
        return records.stream().filter(r -> r.headers().kind() == RecordKind.SWEEP).count();
    }

    @ParameterizedTest
    @ValueSource(strings = {"batched", "server", "off"})
    @DisplayName("case C1: a document that moves to another shard is not deleted, one that goes is")
    void tellsMovesFromDeletes(String postImage) {
        try (RunningWatcher watcher = start("WATCHER_POST_IMAGE", postImage)) {
            for (int id = 1; id <= 8; id++) {
                geo.insertOne(new Document("_id", id).append("country", "CH"));
            }
            int moves = 0;
            for (MoveOrder order : MoveOrder.values()) {
                for (int id = 1; id <= 4; id++) {
                    String to = moves % 8 < 4 ? "US" : "CH";
                    cluster.moveDocument(name + ".geo", id, new Document("country", to), order);
                    moves++;
                }
            }
            await("geo", "insert", 8 + moves);
            watcher.awaitCount("cdc.watcher.moved.documents", moves);
            geo.deleteOne(Filters.eq(4));
            geo.deleteOne(Filters.eq(5));
            geo.insertOne(new Document("_id", 9).append("country", "US"));

            await("geo", "insert", 9 + moves);
            assertThat(ids(await("geo", "delete", 2))).containsExactly(4, 5);
        }
    }

    @Test
    @DisplayName(
            "case C1: the delete of a document that had no shard key value is told by its transaction")
    void tellsMovesOfDocumentsWithoutShardKey() {
        cluster.shardCollection(
                name + ".loose", new Document("country", 1), new Document("country", "N"), 1);
        MongoCollection<Document> loose = database.getCollection("loose");
        try (RunningWatcher watcher = start()) {
            loose.insertOne(new Document("_id", 1));
            cluster.moveDocument(
                    name + ".loose", 1, new Document("country", "US"), MoveOrder.INSERT_FIRST);
            await("loose", "insert", 2);
            loose.insertOne(new Document("_id", 2));
            await("loose", "insert", 3);
            assertThat(of(published("loose"), "delete")).isEmpty();
            watcher.awaitCount("cdc.watcher.moved.documents", 1);
        }
    }

    @Test
    @DisplayName(
            "case C2: what movePrimary cleans up is not dropped; the rows stay, and it is told")
    void keepsWhatMovePrimaryCleansUp() {
        try (RunningWatcher watcher = start()) {
            plain.insertOne(new Document("_id", 1));
            await("plain", "insert", 1);
            cluster.movePrimary(name, 1);
            watcher.awaitCount("cdc.watcher.sweeps.left.out", 1);
            plain.insertOne(new Document("_id", 2));
            await("plain", "insert", 2);
            assertThat(sweeps(published("plain"))).isZero();
        }
    }

    @Test
    @DisplayName("case C2: what is dropped is swept, also where it was created anew by then")
    void sweepsWhatWasDropped() throws InterruptedException {
        RunningWatcher watcher = start();
        plain.insertOne(new Document("_id", 1));
        geo.insertOne(new Document("_id", 1).append("country", "US"));
        await("plain", "insert", 1);
        await("geo", "insert", 1);
        watcher.close();

        plain.drop();
        geo.drop();
        plain.insertOne(new Document("_id", 2));
        geo.insertOne(new Document("_id", 2));
        try (RunningWatcher again = start()) {
            await("plain", "insert", 2);
            await("geo", "insert", 2);
            assertThat(sweeps(published("plain"))).isEqualTo(3);
            assertThat(sweeps(published("geo"))).isEqualTo(3);
            database.drop();
            database.getCollection("plain").insertOne(new Document("_id", 3));
            await("plain", "insert", 3);
            assertThat(sweeps(published("plain"))).isGreaterThanOrEqualTo(6);
            assertThat(again.count("cdc.watcher.sweeps.left.out")).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = ServerVersion.class,
            names = {"V6_0", "V8_0"})
    @DisplayName("case C3: a shard that is added is watched, also right after an invalidate")
    void goesOnWithAnAddedShard(ServerVersion version) throws Exception {
        try (ShardedCluster own = ShardedCluster.builder().version(version).start();
                MongoClient other = MongoClients.create(own.uri())) {
            own.shardCollection(
                    name + ".geo", new Document("country", 1), new Document("country", "N"), 1);
            MongoCollection<Document> places = other.getDatabase(name).getCollection("geo");
            try (RunningWatcher watcher =
                    start(
                            "WATCHER_MONGODB_URI",
                            own.uri(),
                            "WATCHER_SCOPE_INCLUDE",
                            name + ".geo")) {
                insertOnANewShard(own, places, 1);
                own.router()
                        .failCommand("getMore", 43, 1); // CursorNotFound: the stream is opened anew
                insertOnANewShard(own, places, 2);
                places.drop(); // an invalidate, as the stream is of the collection
                own.addShard();
                places.insertOne(new Document("_id", 3).append("country", "US"));
                assertThat(ids(await("geo", "insert", 3))).containsExactly(1, 2, 3);
                assertThat(watcher.failure()).isNull();
            }
        }
    }

    private void insertOnANewShard(ShardedCluster own, MongoCollection<Document> places, int id) {
        int added = own.addShard();
        own.moveChunk(name + ".geo", new Document("country", "US"), added);
        places.insertOne(new Document("_id", id).append("country", "US"));
        places.updateOne(Filters.eq(id), Updates.set("a", 1));
        await("geo", "insert", id);
    }
}
