package dev.cdcpipeline.watcher.capture;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.ConnectionString;
import com.mongodb.MongoClientSettings;
import com.mongodb.WriteConcern;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.mongodb.event.CommandListener;
import com.mongodb.event.CommandStartedEvent;

import dev.cdcpipeline.embedded.mongo.TestMongo;
import dev.cdcpipeline.model.ChangeEvent;
import dev.cdcpipeline.model.RawDocument;

import org.bson.BsonDocument;
import org.bson.BsonTimestamp;
import org.bson.Document;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

class PostImagesTest {
    private static final TestMongo mongo = TestMongo.start();
    private static final List<BsonDocument> finds = new ArrayList<>();
    private static final MongoClient client =
            MongoClients.create(
                    MongoClientSettings.builder()
                            .applyConnectionString(new ConnectionString(mongo.uri()))
                            .addCommandListener(new Finds())
                            .build());

    private final String database = mongo.newDatabase();
    private final CountingListener listener = new CountingListener();
    private final PostImages images = new PostImages(client, new BsonDocument(), listener);
    private final BsonTimestamp now =
            client.getDatabase("admin")
                    .runCommand(new Document("ping", 1))
                    .get("operationTime", BsonTimestamp.class);

    @AfterAll
    static void stop() {
        client.close();
        mongo.close();
    }

    private static final class Finds implements CommandListener {
        @Override
        public void commandStarted(CommandStartedEvent event) {
            if (event.getCommandName().equals("find")) {
                finds.add(event.getCommand().clone());
            }
        }
    }

    private MongoCollection<Document> orders() {
        return client.getDatabase(database).getCollection("orders");
    }

    private ChangeEvent event(String operation, int id) {
        return event(operation, Integer.toString(id));
    }

    private ChangeEvent event(String operation, String id) {
        BsonDocument event =
                BsonDocument.parse(
                        "{_id: {_data: '8265'}, operationType: '%s', ns: {db: '%s', coll: 'orders'}, documentKey: {_id: %s}}"
                                .formatted(operation, database, id));
        return ChangeEvent.of(RawDocument.of(event.append("clusterTime", now)));
    }

    private static BsonDocument image(ChangeEvent event) {
        return Objects.requireNonNull(event.fullDocument()).toBsonDocument();
    }

    @Test
    @DisplayName(
            "1.1, 1.3: documents of updates are looked up once each, in one majority find after the"
                    + " last event's time; what is gone is left out and counted")
    void looksEachDocumentUpOnce() {
        orders().insertMany(List.of(new Document("_id", 1), new Document("_id", 2)));
        finds.clear();

        PostImages.Turn turn =
                images.complete(
                        List.of(
                                event("update", 1),
                                event("delete", 3),
                                event("update", 2),
                                event("update", 1),
                                event("update", 4)));

        assertThat(turn.rest()).isEmpty();
        assertThat(turn.done())
                .extracting(ChangeEvent::operationName)
                .containsExactly("update", "delete", "update", "update");
        assertThat(image(turn.done().get(2))).isEqualTo(BsonDocument.parse("{_id: 2}"));
        assertThat(image(turn.done().get(3))).isEqualTo(BsonDocument.parse("{_id: 1}"));
        assertThat(listener.nullLookUps).isEqualTo(1);
        assertThat(finds).hasSize(1);
        assertThat(finds.getFirst().getDocument("filter"))
                .isEqualTo(BsonDocument.parse("{_id: {$in: [1, 2, 4]}}"));
        assertThat(finds.getFirst().getDocument("readConcern"))
                .isEqualTo(
                        BsonDocument.parse("{level: 'majority'}").append("afterClusterTime", now));
    }

    @ParameterizedTest(
            name = "case W4: a document is found whose _id is {0} where the key says {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "{$numberLong: '1'} | 1",
                "1 | {$numberLong: '1'}",
                "1.0 | 1",
                "{$numberDecimal: '1.00'} | {$numberLong: '1'}",
                "{$numberDecimal: '0.5'} | 0.5",
                "-0.0 | 0",
                "{$numberDecimal: 'NaN'} | {$numberDouble: 'NaN'}",
                "{a: 1, b: [{$numberLong: '2'}]} | {a: 1.0, b: [2]}",
                "{a: {$symbol: 's'}} | {a: 's'}"
            })
    void findsADocumentByAnEqualId(String stored, String asked) {
        BsonDocument document = BsonDocument.parse("{_id: %s, n: 7}".formatted(stored));
        client.getDatabase(database)
                .getCollection("orders", BsonDocument.class)
                .withWriteConcern(WriteConcern.MAJORITY)
                .insertOne(document);

        PostImages.Turn turn =
                images.complete(List.of(event("update", asked), event("update", stored)));

        assertThat(turn.done()).hasSize(2).allMatch(each -> image(each).equals(document));
        assertThat(listener.nullLookUps).isZero();
    }

    @Test
    @DisplayName("I7: documents that are together larger than a reply are looked up in turns")
    void looksLargeDocumentsUpInTurns() {
        int count = 20;
        List<ChangeEvent> rest = new ArrayList<>();
        for (int id = 0; id < count; id++) {
            orders().insertOne(new Document("_id", id).append("text", "x".repeat(1 << 20)));
            rest.add(event("update", id));
        }
        List<ChangeEvent> done = new ArrayList<>();
        int turns = 0;
        for (List<ChangeEvent> left = rest; !left.isEmpty(); turns++) {
            PostImages.Turn turn = images.complete(left);
            done.addAll(turn.done());
            left = turn.rest();
        }
        assertThat(turns).isGreaterThan(1);
        assertThat(done)
                .extracting(event -> image(event).getInt32("_id").getValue())
                .containsExactlyElementsOf(IntStream.range(0, count).boxed().toList());
        assertThat(listener.nullLookUps).isZero();
    }

    @Test
    @DisplayName(
            "I7: many updates of one large document are completed in turns, each of which makes no"
                    + " more than a reply's worth of copies")
    void completesManyUpdatesOfOneLargeDocumentInTurns() {
        int count = 40;
        int size = 1 << 20;
        orders().insertOne(new Document("_id", 1).append("text", "x".repeat(size)));
        int done = 0;
        for (List<ChangeEvent> left = Collections.nCopies(count, event("update", 1));
                !left.isEmpty(); ) {
            PostImages.Turn turn = images.complete(left);
            long bytes = turn.done().stream().mapToLong(each -> each.document().length()).sum();
            assertThat(bytes).isBetween((long) size, 16L << 20);
            done += turn.done().size();
            left = turn.rest();
        }
        assertThat(done).isEqualTo(count);
    }

    @Test
    @DisplayName("I7: a document as large as MongoDB allows is completed in a turn of its own")
    void completesTheLargestDocumentsOneAtATime() {
        orders().insertOne(new Document("_id", 1).append("text", "x".repeat((16 << 20) - 64)));
        PostImages.Turn turn = images.complete(List.of(event("update", 1), event("update", 1)));
        assertThat(turn.done()).hasSize(1);
        assertThat(turn.rest()).hasSize(1);
    }
}
