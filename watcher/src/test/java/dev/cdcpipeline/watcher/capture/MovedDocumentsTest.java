package dev.cdcpipeline.watcher.capture;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.ConnectionString;
import com.mongodb.MongoClientSettings;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCluster;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import com.mongodb.event.CommandListener;
import com.mongodb.event.CommandStartedEvent;

import dev.cdcpipeline.embedded.mongo.TestMongo;
import dev.cdcpipeline.model.ChangeEvent;
import dev.cdcpipeline.model.RawDocument;

import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonTimestamp;
import org.bson.Document;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Which deletes are looked up, and which are left out. */
class MovedDocumentsTest {
    private static final TestMongo mongo = TestMongo.start();
    private static final List<BsonDocument> finds = new ArrayList<>();
    private static final MongoClient client =
            MongoClients.create(
                    MongoClientSettings.builder()
                            .applyConnectionString(new ConnectionString(mongo.uri()))
                            .addCommandListener(new Finds())
                            .build());

    private static final BsonInt32 ONE = new BsonInt32(1);

    private final String database = mongo.newDatabase();
    private final CountingListener listener = new CountingListener();
    private final MovedDocuments moved = new MovedDocuments(client, listener);
    private final BsonTimestamp now =
            client.getDatabase("admin")
                    .runCommand(new Document("ping", 1))
                    .get("operationTime", BsonTimestamp.class);

    private static final class Finds implements CommandListener {
        @Override
        public void commandStarted(CommandStartedEvent event) {
            if (event.getCommandName().equals("find")) {
                finds.add(event.getCommand().clone());
            }
        }
    }

    @AfterAll
    static void stop() {
        client.close();
        mongo.close();
    }

    private MongoCollection<Document> geo() {
        return client.getDatabase(database).getCollection("geo");
    }

    private ChangeEvent event(String operation, String key, String more) {
        return event(operation, key, more, now);
    }

    private ChangeEvent event(String operation, String key, String more, BsonTimestamp time) {
        BsonDocument event =
                BsonDocument.parse(
                        "{_id: {_data: '8265'}, operationType: '%s', ns: {db: '%s', coll: 'geo'}, documentKey: %s%s}"
                                .formatted(operation, database, key, more));
        return ChangeEvent.of(RawDocument.of(event.append("clusterTime", time)));
    }

    private ChangeEvent delete(String key) {
        return event("delete", key, "");
    }

    private List<ChangeEvent> leftOf(ChangeEvent... events) {
        finds.clear();
        return moved.leaveOut(List.of(events));
    }

    @Test
    @DisplayName(
            "case C1: deletes with a shard key are looked up in one majority find after the last event's time;"
                    + " those of documents that are there are left out and counted")
    void looksUpDeletesWithAShardKey() {
        geo().insertMany(List.of(new Document("_id", 1), new Document("_id", 2)));
        ChangeEvent gone = delete("{country: 'CH', _id: 3}");
        var before = new BsonTimestamp(now.getTime() - 1, 1);
        ChangeEvent first = event("delete", "{country: 'CH', _id: 1}", "", before);
        ChangeEvent nested = delete("{_id: 2, a: {b: 5}}");
        ChangeEvent insert = event("insert", "{country: 'CH', _id: 1}", ", fullDocument: {_id: 1}");

        assertThat(leftOf(first, gone, insert, nested)).containsExactly(gone, insert);
        assertThat(listener.movedDocuments).isEqualTo(2);
        assertThat(finds).hasSize(1);
        assertThat(finds.getFirst().getDocument("filter"))
                .isEqualTo(BsonDocument.parse("{_id: {$in: [1, 3, 2]}}"));
        assertThat(finds.getFirst().getDocument("projection"))
                .isEqualTo(BsonDocument.parse("{_id: 1}"));
        assertThat(finds.getFirst().getDocument("readConcern"))
                .isEqualTo(
                        BsonDocument.parse("{level: 'majority'}").append("afterClusterTime", now));
    }

    @Test
    @DisplayName(
            "case C1: a delete by _id alone costs nothing and stays, unless it is part of a transaction")
    void takesOthersAtTheirWord() {
        geo().insertOne(new Document("_id", 1));
        ChangeEvent plain = delete("{_id: 1}");
        ChangeEvent update = event("update", "{country: 'CH', _id: 1}", "");
        assertThat(leftOf(plain, update)).containsExactly(plain, update);
        assertThat(finds).isEmpty();

        String transaction = ", txnNumber: NumberLong(7), lsid: {id: 1}";
        assertThat(leftOf(event("delete", "{_id: 1}", transaction))).isEmpty();
        ChangeEvent gone = event("delete", "{_id: 2}", transaction);
        assertThat(leftOf(gone)).containsExactly(gone);
    }

    @Test
    @DisplayName("cases C1, W4: an _id of another numeric type is the same document")
    void comparesIdsAsMongoDbDoes() {
        geo().insertOne(new Document("_id", 1L));
        ChangeEvent gone = delete("{country: 'CH', _id: 3.5}");
        assertThat(leftOf(delete("{country: 'CH', _id: 1.0}"), gone)).containsExactly(gone);
    }

    @Test
    @DisplayName(
            "cases C1, C5: an answer of several batches, as where an _id is on several shards, is"
                    + " read to its end")
    void readsTheWholeAnswer() {
        geo().insertMany(List.of(new Document("_id", 1), new Document("_id", 2)));
        var inSmallBatches = new MovedDocuments(smallBatches(MongoCluster.class, client), listener);
        ChangeEvent gone = delete("{country: 'CH', _id: 3}");
        assertThat(
                        inSmallBatches.leaveOut(
                                List.of(
                                        delete("{country: 'CH', _id: 1}"),
                                        delete("{country: 'CH', _id: 2}"),
                                        gone)))
                .containsExactly(gone);
    }

    /** Asks the real one for one document at a time. */
    private static <T> T smallBatches(Class<T> type, T real) {
        Object proxy =
                Proxy.newProxyInstance(
                        type.getClassLoader(),
                        new Class<?>[] {type},
                        (_, method, arguments) -> {
                            if (arguments != null
                                    && arguments[0] instanceof BsonDocument command
                                    && command.containsKey("find")) {
                                arguments[0] = command.clone().append("batchSize", ONE);
                            }
                            Object result = method.invoke(real, arguments);
                            return result instanceof MongoDatabase database
                                    ? smallBatches(MongoDatabase.class, database)
                                    : result;
                        });
        return type.cast(proxy);
    }

    @Test
    @DisplayName("case C1, I7: many deletes are looked up in portions")
    void looksManyUpInPortions() {
        geo().insertMany(
                        IntStream.range(0, 6_000)
                                .filter(id -> id % 2 == 0)
                                .mapToObj(id -> new Document("_id", id))
                                .toList());
        ChangeEvent[] deletes =
                IntStream.range(0, 6_000)
                        .mapToObj(id -> delete("{country: 'CH', _id: " + id + "}"))
                        .toArray(ChangeEvent[]::new);
        assertThat(leftOf(deletes)).hasSize(3_000);
        assertThat(finds).hasSize(2);
        assertThat(listener.movedDocuments).isEqualTo(3_000);
    }
}
