package dev.cdcpipeline.embedded.mongo.contract;

import static dev.cdcpipeline.embedded.mongo.contract.Bson.doc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.mongodb.MongoCommandException;
import com.mongodb.MongoExecutionTimeoutException;
import com.mongodb.client.ClientSession;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;

import dev.cdcpipeline.embedded.mongo.ServerVersion;
import dev.cdcpipeline.embedded.mongo.ShardedCluster;
import dev.cdcpipeline.embedded.mongo.sharding.MoveOrder;

import org.bson.BsonDocument;
import org.bson.BsonTimestamp;
import org.bson.Document;
import org.bson.types.Binary;
import org.bson.types.MinKey;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.IntStream;

/**
 * The face of a sharded cluster, as far as change streams go. What is expected was seen on a real
 * cluster of two shards (4.9), or is read in MongoDB's source where it says so.
 */
class ShardedClusterTest {

    private static final String DATABASE = "sh";
    private static final String GEO = DATABASE + ".geo";

    private final List<AutoCloseable> opened = new ArrayList<>();
    private ShardedCluster cluster = start(ShardedCluster.builder());
    private MongoClient client = connect();

    private ShardedCluster start(ShardedCluster.Builder builder) {
        ShardedCluster started = builder.start();
        opened.add(started);
        return started;
    }

    private MongoClient connect() {
        MongoClient connected = MongoClients.create(cluster.uri());
        opened.add(connected);
        return connected;
    }

    private void restart(ShardedCluster.Builder builder) {
        cluster = start(builder);
        client = connect();
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : opened.reversed()) {
            each.close();
        }
    }

    private BsonDocument run(String database, String json, Object... arguments) {
        return client.getDatabase(database).runCommand(doc(json, arguments), BsonDocument.class);
    }

    private RawStream watch(StreamSpec spec) {
        RawStream stream = RawStream.open(client, spec);
        opened.add(stream);
        return stream;
    }

    private RawStream watchDatabase() {
        return watch(StreamSpec.database(DATABASE));
    }

    private MongoCollection<BsonDocument> collection(String name) {
        return client.getDatabase(DATABASE).getCollection(name, BsonDocument.class);
    }

    /** A collection sharded by country and _id: from N on, countries are on the second shard. */
    private MongoCollection<BsonDocument> geo() {
        cluster.shardCollection(
                GEO,
                new Document("country", 1).append("_id", 1),
                new Document("country", "N").append("_id", new MinKey()),
                1);
        return collection("geo");
    }

    private static MongoCommandException refusal(Runnable command) {
        MongoCommandException refused =
                catchThrowableOfType(MongoCommandException.class, command::run);
        assertThat(refused).isNotNull();
        return refused;
    }

    private static BsonTimestamp time(BsonDocument event) {
        return event.getTimestamp("clusterTime");
    }

    @Test
    @DisplayName("greets as mongos, and refuses what only members of a replica set answer")
    void greetsAsARouter() {
        BsonDocument hello = run("admin", "{hello: 1}");
        assertThat(hello.getString("msg").getValue()).isEqualTo("isdbgrid");
        assertThat(hello).doesNotContainKeys("setName", "hosts", "primary", "lastWrite");
        assertThat(run("admin", "{isMaster: 1}").getString("msg").getValue()).isEqualTo("isdbgrid");
        assertThat(refusal(() -> run("admin", "{replSetGetStatus: 1}")).getErrorMessage())
                .contains("not supported through mongos");
        assertThat(refusal(() -> run("local", "{find: 'oplog.rs'}")).getErrorCode()).isEqualTo(20);
        assertThat(run("admin", "{serverStatus: 1}").getString("process").getValue())
                .isEqualTo("mongos");
    }

    @Test
    @DisplayName("tells of itself in the config database")
    void describesItself() {
        geo();
        assertThat(run("admin", "{listShards: 1}").getArray("shards")).hasSize(2);
        var config = client.getDatabase("config");
        assertThat(config.getCollection("version").find().first()).containsKey("clusterId");
        assertThat(config.getCollection("shards").find().map(shard -> shard.get("_id")))
                .containsExactly(cluster.shard(0), cluster.shard(1));
        assertThat(config.getCollection("collections").find(doc("{_id: 'sh.geo'}")).first())
                .containsEntry("key", new Document("country", 1).append("_id", 1));
        assertThat(config.getCollection("chunks").find().map(chunk -> chunk.get("shard")))
                .containsExactly(cluster.shard(0), cluster.shard(1));
    }

    @Test
    @DisplayName("documentKey has the fields of the shard key, then _id")
    void showsTheShardKeyInDocumentKey() {
        cluster.shardCollection(
                DATABASE + ".people", pair("b", 1, "a.c", 1), pair("b", 5, "a.c", 0), 1);
        RawStream stream = watchDatabase();
        collection("people").insertOne(doc("{_id: 1, a: {c: 2}, b: 3}"));
        collection("people").updateOne(doc("{_id: 1}"), doc("{$set: {x: 1}}"));
        collection("people").deleteOne(doc("{_id: 1}"));
        assertThat(stream.next(3))
                .allSatisfy(
                        event ->
                                assertThat(event.getDocument("documentKey").toJson())
                                        .isEqualTo(doc("{b: 3, 'a.c': 2, _id: 1}").toJson()));
    }

    private static Document pair(String first, Object one, String second, Object two) {
        return new Document(first, one).append(second, two);
    }

    @Test
    @DisplayName("merges the shards' events by cluster time, once each")
    void mergesByClusterTime() {
        MongoCollection<BsonDocument> geo = geo();
        RawStream stream = watchDatabase();
        for (int i = 0; i < 50; i++) {
            geo.insertOne(doc("{_id: %d, country: '%s'}", i, i % 3 == 0 ? "DE" : "US"));
        }
        List<BsonDocument> events = stream.next(50);
        assertThat(events)
                .extracting(event -> event.getDocument("documentKey").getInt32("_id").getValue())
                .containsExactlyElementsOf(IntStream.range(0, 50).boxed().toList());
        assertThat(Tokens.ofEvents(events)).isSorted().doesNotHaveDuplicates();
    }

    @Test
    @DisplayName("goes on after every token of a merged stream, with what comes after it")
    void resumesAfterEveryToken() {
        MongoCollection<BsonDocument> geo = geo();
        RawStream stream = watchDatabase();
        for (int i = 0; i < 6; i++) {
            geo.insertOne(doc("{_id: %d, country: '%s'}", i, i % 2 == 0 ? "DE" : "US"));
        }
        List<BsonDocument> events = stream.next(6);
        for (int i = 0; i < 6; i++) {
            BsonDocument token = events.get(i).getDocument("_id");
            RawStream resumed = watch(StreamSpec.database(DATABASE).resumeAfter(token));
            assertThat(resumed.next(5 - i)).isEqualTo(events.subList(i + 1, 6));
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("case C1: a document that moves is deleted on a shard and inserted on the other")
    void showsAMoveAsAPair(MoveOrder order) {
        MongoCollection<BsonDocument> geo = geo();
        geo.insertOne(doc("{_id: 1, country: 'DE'}"));
        RawStream stream = watchDatabase();
        cluster.moveDocument(GEO, 1, new Document("country", "US"), order);

        List<BsonDocument> pair = stream.next(2);

        boolean deleteFirst = order.name().startsWith("DELETE");
        assertThat(Shapes.types(pair))
                .containsExactly(
                        deleteFirst ? "delete" : "insert", deleteFirst ? "insert" : "delete");
        assertThat(pair).allSatisfy(half -> assertThat(half).containsKeys("lsid", "txnNumber"));
        assertThat(pair.get(0).get("lsid")).isEqualTo(pair.get(1).get("lsid"));
        assertThat(time(pair.get(0)).equals(time(pair.get(1))))
                .isEqualTo(order.name().endsWith("AT_ONE_TIME"));
        BsonDocument delete = pair.get(deleteFirst ? 0 : 1);
        BsonDocument insert = pair.get(deleteFirst ? 1 : 0);
        assertThat(delete.getDocument("documentKey")).isEqualTo(doc("{country: 'DE', _id: 1}"));
        assertThat(insert.getDocument("documentKey")).isEqualTo(doc("{country: 'US', _id: 1}"));
        assertThat(geo.find()).containsExactly(doc("{_id: 1, country: 'US'}"));
    }

    @Test
    @DisplayName("case C1: a move inside a transaction has the transaction's session")
    void showsAMoveInATransaction() {
        MongoCollection<BsonDocument> geo = geo();
        geo.insertOne(doc("{_id: 1, country: 'DE'}"));
        RawStream stream = watchDatabase();
        try (ClientSession session = client.startSession()) {
            session.startTransaction();
            geo.updateOne(session, doc("{_id: 1}"), doc("{$set: {country: 'US'}}"));
            geo.insertOne(session, doc("{_id: 2, country: 'DE'}"));
            session.commitTransaction();
        }
        List<BsonDocument> events = stream.next(3);
        assertThat(Shapes.types(events)).containsExactlyInAnyOrder("delete", "insert", "insert");
        assertThat(events).extracting(event -> event.get("lsid")).doesNotContainNull();
        assertThat(events).extracting(event -> event.get("lsid")).containsOnly(lsid(events));
    }

    private static BsonDocument lsid(List<BsonDocument> events) {
        return events.getFirst().getDocument("lsid");
    }

    @Test
    @DisplayName("a changed shard key that stays on its shard is an update")
    void showsAChangeOnOneShardAsAnUpdate() {
        MongoCollection<BsonDocument> geo = geo();
        geo.insertOne(doc("{_id: 1, country: 'DE'}"));
        RawStream stream = watchDatabase();
        geo.updateOne(doc("{_id: 1}"), doc("{$set: {country: 'FR'}}"));
        assertThat(stream.next().getString("operationType").getValue()).isEqualTo("update");
    }

    @Test
    @DisplayName("case C2: movePrimary drops the old shard's copy while the collection lives on")
    void showsTheCleanUpOfMovePrimary() {
        collection("plain").insertOne(doc("{_id: 1}"));
        UUID before = uuid("plain");
        RawStream stream = watch(StreamSpec.collection(DATABASE, "plain"));

        cluster.movePrimary(DATABASE, 1);
        collection("plain").insertOne(doc("{_id: 2}"));

        BsonDocument drop = stream.next();
        assertThat(drop.getString("operationType").getValue()).isEqualTo("drop");
        // DefaultClonerImpl gives an unsharded collection a UUID of its own on the new shard.
        String hex = before.toString().replace("-", "").toUpperCase(Locale.ROOT);
        assertThat(Tokens.data(drop.getDocument("_id"))).contains(hex);
        assertThat(uuid("plain")).isNotEqualTo(before);
        assertThat(collection("plain").countDocuments()).isEqualTo(2);
        BsonDocument invalidate = stream.next();
        RawStream on =
                watch(
                        StreamSpec.collection(DATABASE, "plain")
                                .startAfter(invalidate.getDocument("_id")));
        assertThat(on.next().getDocument("documentKey")).isEqualTo(doc("{_id: 2}"));
    }

    private UUID uuid(String name) {
        Document found =
                client.getDatabase(DATABASE)
                        .listCollections()
                        .filter(new Document("name", name))
                        .first();
        Binary uuid =
                Objects.requireNonNull(found).get("info", Document.class).get("uuid", Binary.class);
        ByteBuffer bytes = ByteBuffer.wrap(uuid.getData());
        return new UUID(bytes.getLong(), bytes.getLong());
    }

    @Test
    @DisplayName("case C3: a shard added under a stream with startAfter ends it with 50865")
    void refusesStartAfterBesideANewShard() {
        MongoCollection<BsonDocument> geo = geo();
        RawStream first = watchDatabase();
        geo.insertOne(doc("{_id: 1, country: 'DE'}"));
        BsonDocument token = first.next().getDocument("_id");
        RawStream started = watch(StreamSpec.database(DATABASE).startAfter(token));
        RawStream resumed = watch(StreamSpec.database(DATABASE).resumeAfter(token));

        int added = cluster.addShard();
        cluster.moveChunk(GEO, new Document("country", "US").append("_id", 0), added);
        geo.insertOne(doc("{_id: 2, country: 'US'}"));

        assertThat(refusal(started::next).getErrorCode()).isEqualTo(50865);
        assertThat(resumed.next().getDocument("documentKey")).isEqualTo(key("US", 2));
        assertThat(first.next().getDocument("documentKey")).isEqualTo(key("US", 2));
        RawStream again = watch(StreamSpec.database(DATABASE).startAfter(token));
        assertThat(again.next().getDocument("documentKey")).isEqualTo(key("US", 2));
    }

    private static BsonDocument key(String country, int id) {
        return doc("{country: '%s', _id: %d}", country, id);
    }

    @Test
    @DisplayName("case C6: a quiet shard holds the stream back until it writes something")
    void waitsForTheQuietestShard() {
        MongoCollection<BsonDocument> geo = geo();
        RawStream stream = watchDatabase();
        cluster.quiet(1);
        geo.insertOne(doc("{_id: 1, country: 'DE'}"));
        assertThat(stream.getMore(Duration.ofMillis(300)).events()).isEmpty();

        cluster.wake(1);

        assertThat(stream.next().getDocument("documentKey")).isEqualTo(key("DE", 1));
    }

    @Test
    @DisplayName("case C6: a shard that is asked for a later time writes a no-op by itself")
    void nudgesAQuietShard() {
        MongoCollection<BsonDocument> geo = geo();
        RawStream stream = watchDatabase();
        cluster.quiet(1);
        geo.insertOne(doc("{_id: 1, country: 'DE'}"));
        BsonTimestamp now = run(DATABASE, "{ping: 1}").getTimestamp("operationTime");

        client.getDatabase(DATABASE)
                .runCommand(
                        doc("{find: 'geo'}")
                                .append(
                                        "readConcern",
                                        doc("{level: 'majority'}")
                                                .append("afterClusterTime", now)));

        assertThat(stream.next().getDocument("documentKey")).isEqualTo(key("DE", 1));
    }

    @Test
    @DisplayName("case C4: a shard that hangs answers no look-up that asks it")
    void hangsOnLookUps() {
        MongoCollection<BsonDocument> geo = geo();
        geo.insertOne(doc("{_id: 1, country: 'DE'}"));
        cluster.hang(1, "find");

        assertThatThrownBy(() -> run(DATABASE, "{find: 'geo', filter: {_id: 1}, maxTimeMS: 100}"))
                .isInstanceOf(MongoExecutionTimeoutException.class);
        assertThat(geo.find(doc("{country: 'DE', _id: 1}"))).hasSize(1);
        cluster.wake(1);
        assertThat(geo.find(doc("{_id: 1}"))).hasSize(1);
    }

    @Test
    @DisplayName("before 6.0 every shard of a collection tells of its drop, later the primary one")
    void tellsOfADrop() {
        geo();
        RawStream stream = watchDatabase();
        collection("geo").drop();
        collection("other").insertOne(doc("{_id: 1}"));
        assertThat(Shapes.types(stream.next(2))).containsExactly("drop", "insert");

        restart(ShardedCluster.builder().version(ServerVersion.V4_2));
        geo();
        RawStream old = watchDatabase();
        collection("geo").drop();
        collection("other").insertOne(doc("{_id: 1}"));
        assertThat(Shapes.types(old.next(3))).containsExactly("drop", "drop", "insert");
    }
}
