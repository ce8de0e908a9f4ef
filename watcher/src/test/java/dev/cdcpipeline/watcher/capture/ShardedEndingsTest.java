package dev.cdcpipeline.watcher.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.mongodb.MongoCommandException;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;

import dev.cdcpipeline.embedded.mongo.ServerVersion;
import dev.cdcpipeline.embedded.mongo.ShardedCluster;
import dev.cdcpipeline.model.ChangeEvent;
import dev.cdcpipeline.model.Namespace;
import dev.cdcpipeline.model.RawDocument;
import dev.cdcpipeline.watcher.capture.Endings.Ending;

import org.bson.BsonDocument;
import org.bson.BsonTimestamp;
import org.bson.Document;
import org.bson.types.Binary;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;

/** What mongos is asked after a drop, and what follows from its answers. */
class ShardedEndingsTest {
    private static final int HOUR = 3_600;

    /** Of a version that does not note the drop of a collection that is not sharded. */
    private final ShardedCluster cluster =
            ShardedCluster.builder().version(ServerVersion.V4_2).start();

    private final MongoClient client = MongoClients.create(cluster.uri());
    private final MongoCollection<Document> orders =
            client.getDatabase("shop").getCollection("orders");
    private final Namespace namespace = new Namespace("shop", "orders");
    private final ShardedEndings endings = new ShardedEndings(client);
    private final int now = (int) Instant.now().getEpochSecond();

    @AfterEach
    void stop() {
        client.close();
        cluster.close();
    }

    private String idOfOrders() {
        return idOf("orders");
    }

    private String idOf(String collection) {
        Document info =
                client.getDatabase("shop")
                        .runCommand(
                                new Document("listCollections", 1)
                                        .append("filter", new Document("name", collection)))
                        .get("cursor", Document.class)
                        .getList("firstBatch", Document.class)
                        .getFirst()
                        .get("info", Document.class);
        return HexFormat.of().formatHex(info.get("uuid", Binary.class).getData());
    }

    private static ChangeEvent event(String operation, String collectionId, int seconds) {
        String token =
                "82%08X000000012B022C0100296E5A1004%s04"
                        .formatted(seconds, collectionId.replace("-", ""));
        return ChangeEvent.of(
                RawDocument.of(
                        BsonDocument.parse(
                                        """
                                        {_id: {_data: '%s'}, operationType: '%s', ns: {db: 'shop', coll: 'orders'},
                                         to: {db: 'shop', coll: 'archive'}}"""
                                                .formatted(token, operation))
                                .append("clusterTime", new BsonTimestamp(seconds, 1))));
    }

    private static String another() {
        return UUID.randomUUID().toString();
    }

    private Ending afterADrop(int seconds) {
        return endings.of(namespace, event("drop", another(), seconds));
    }

    private void failFinds(int skip, int code) {
        client.getDatabase("admin")
                .runCommand(
                        new Document("configureFailPoint", "failCommand")
                                .append("mode", new Document("skip", skip))
                                .append(
                                        "data",
                                        new Document("failCommands", List.of("find"))
                                                .append("errorCode", code)));
    }

    @Test
    @DisplayName("case C2: a collection that is not there is over")
    void whatIsGoneIsOver() {
        assertThat(afterADrop(now)).isEqualTo(Ending.OVER);
        assertThat(endings.of(namespace, event("rename", another(), now))).isEqualTo(Ending.OVER);
        assertThat(endings.of(namespace, event("dropDatabase", another(), now)))
                .isEqualTo(Ending.OVER);
    }

    @Test
    @DisplayName(
            "case C2: the same UUID is the same collection, of which one shard has dropped its part")
    void theSameCollectionLivesOn() {
        orders.insertOne(new Document());
        String same = idOfOrders();
        assertThat(endings.of(namespace, event("drop", same, now))).isEqualTo(Ending.LIVES_ON);
        assertThat(endings.of(namespace, event("rename", same, now))).isEqualTo(Ending.LIVES_ON);
        assertThat(endings.of(namespace, event("dropDatabase", another(), now)))
                .isEqualTo(Ending.LIVES_ON);
    }

    @Test
    @DisplayName("case C2: another UUID is another collection, unless the database has just moved")
    void anotherCollectionIsToldFromAMovedOne() {
        orders.insertOne(new Document());
        assertThat(afterADrop(now)).isEqualTo(Ending.OVER);
        assertThat(endings.of(namespace, event("rename", another(), now))).isEqualTo(Ending.OVER);

        cluster.movePrimary("shop", 1);
        assertThat(afterADrop(now)).isEqualTo(Ending.UNCLEAR);
        assertThat(afterADrop(now + 2 * HOUR)).isEqualTo(Ending.OVER);

        client.getDatabase("shop2").getCollection("orders").insertOne(new Document());
        ChangeEvent ofAnother = event("drop", another(), now);
        assertThat(endings.of(new Namespace("shop2", "orders"), ofAnother)).isEqualTo(Ending.OVER);
    }

    @Test
    @DisplayName(
            "case C2: after a move, the drop of what was there then is told from the next move")
    void theCopyItselfMayBeDropped() {
        orders.insertOne(new Document());
        cluster.movePrimary("shop", 1);
        assertThat(afterADrop(now)).isEqualTo(Ending.UNCLEAR);
        String copy = idOfOrders();
        orders.drop();
        orders.insertOne(new Document());
        assertThat(endings.of(namespace, event("drop", copy, now + 1))).isEqualTo(Ending.OVER);

        assertThat(afterADrop(now + 1)).isEqualTo(Ending.UNCLEAR);
        String second = idOfOrders();
        cluster.movePrimary("shop", 0);
        assertThat(endings.of(namespace, event("drop", second, now + 2))).isEqualTo(Ending.UNCLEAR);
        assertThat(afterADrop(now + 3)).as("neither").isEqualTo(Ending.UNCLEAR);
    }

    @Test
    @DisplayName(
            "case C2: the drop of a sharded collection is noted, also after a move of the database")
    void aShardedCollectionThatWasDroppedIsOver() {
        cluster.shardCollection(
                "shop.orders", new Document("country", 1), new Document("country", "N"), 1);
        orders.insertOne(new Document("country", "US"));
        cluster.movePrimary("shop", 1);
        String sharded = idOfOrders();
        assertThat(afterADrop(now + 1)).isEqualTo(Ending.UNCLEAR);
        orders.drop();
        orders.insertOne(new Document());
        int then = (int) Instant.now().getEpochSecond();
        assertThat(new ShardedEndings(client).of(namespace, event("drop", sharded, then)))
                .isEqualTo(Ending.OVER);
    }

    @Test
    @DisplayName("case C2: what the cluster's notes do not reach back to, or hide, is not known")
    void whatIsNotWrittenDownIsUnclear() {
        orders.insertOne(new Document());
        assertThat(afterADrop(now - 2 * HOUR)).isEqualTo(Ending.UNCLEAR);

        failFinds(1, 13);
        assertThat(afterADrop(now)).isEqualTo(Ending.UNCLEAR);
        orders.deleteMany(new Document());
        failFinds(1, 13);
        assertThat(afterADrop(now)).as("an empty one has no rows to lose").isEqualTo(Ending.OVER);
    }

    @Test
    @DisplayName("case C2: an answer that failed is no answer: it is asked for again")
    void failuresAreThrown() {
        orders.insertOne(new Document());
        failFinds(1, 91);
        assertThatThrownBy(() -> afterADrop(now)).isInstanceOf(MongoCommandException.class);
    }

    @Test
    @DisplayName("case W1: what a rename has replaced is over, though its name is there")
    void theTargetOfARenameIsOver() {
        var archive = new Namespace("shop", "archive");
        client.getDatabase("shop").getCollection("archive").insertOne(new Document());
        assertThat(endings.of(archive, event("rename", another(), now))).isEqualTo(Ending.OVER);
        assertThat(endings.of(archive, event("rename", idOf("archive"), now)))
                .as("what was renamed keeps its UUID")
                .isEqualTo(Ending.OVER);
    }
}
