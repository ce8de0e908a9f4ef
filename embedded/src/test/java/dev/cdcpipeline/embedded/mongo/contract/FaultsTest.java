package dev.cdcpipeline.embedded.mongo.contract;

import static dev.cdcpipeline.embedded.mongo.contract.Bson.doc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.mongodb.ConnectionString;
import com.mongodb.MongoClientSettings;
import com.mongodb.MongoCommandException;
import com.mongodb.MongoException;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoCursor;

import dev.cdcpipeline.embedded.mongo.MongoReplicaSet;

import org.bson.BsonDocument;
import org.bson.BsonString;
import org.bson.BsonTimestamp;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * Harm done to a server of the test's own, and what a driver's stream makes of it: nothing is lost,
 * and what cannot be had any more is an error.
 *
 * <p>Rests on the MongoDB manual: "Change Streams", sections "Resume a Change Stream" and "Change
 * Stream History"; "Error Codes" (286 ChangeStreamHistoryLost, 10107 NotWritablePrimary); and on
 * the drivers' specification "Change Streams: Resumable Error".
 */
@ExtendWith(MongoContract.class)
@DisplayName("Faults of an embedded server; Change Streams, Resume a Change Stream")
class FaultsTest {

    private MongoReplicaSet set;
    private TestedServer server;
    private TestDatabase db;

    @BeforeEach
    void startAServerToHarm(TestedServer shared) {
        shared.requiresEmbedded("this test does harm to the server");
        set = MongoReplicaSet.start();
        server = TestedServer.embedded(set);
        db = new TestDatabase(server);
    }

    @AfterEach
    void stopIt() {
        if (server != null) {
            server.close();
        }
    }

    /** Ids 0 to n-1 through a stream of the driver, while something happens to the server. */
    private void nothingIsLost(int documents, ThrowingAction harm) throws Exception {
        MongoCollection<BsonDocument> items = db.collection("items");
        try (MongoCursor<BsonDocument> cursor =
                items.watch()
                        .maxAwaitTime(200, TimeUnit.MILLISECONDS)
                        .withDocumentClass(BsonDocument.class)
                        .iterator()) {
            CompletableFuture<Void> writer =
                    CompletableFuture.runAsync(
                            () ->
                                    IntStream.range(0, documents)
                                            .forEach(
                                                    id ->
                                                            untilAccepted(
                                                                    items, doc("{_id: %d}", id))));
            harm.run();
            List<Integer> seen = new ArrayList<>();
            while (seen.size() < documents) {
                seen.add(cursor.next().getDocument("documentKey").getInt32("_id").getValue());
            }
            writer.get(60, TimeUnit.SECONDS);
            assertThat(seen).isEqualTo(IntStream.range(0, documents).boxed().toList());
            assertThat(cursor.tryNext()).isNull();
        }
    }

    private interface ThrowingAction {
        void run() throws Exception;
    }

    /** A driver retries a write once; a test retries for as long as the harm lasts. */
    private static void untilAccepted(MongoCollection<BsonDocument> items, BsonDocument document) {
        await().atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(20))
                .until(
                        () -> {
                            try {
                                items.insertOne(document);
                                return true;
                            } catch (MongoException refused) {
                                return refused.getCode() == 11000;
                            }
                        });
    }

    @Test
    void droppedConnectionsLoseNothing() throws Exception {
        nothingIsLost(
                300,
                () -> {
                    for (int written : List.of(50, 150)) {
                        await().atMost(Duration.ofSeconds(60)).until(() -> count() >= written);
                        set.dropConnections();
                    }
                });
    }

    private long count() {
        try {
            return db.collection("items").countDocuments();
        } catch (MongoException cut) {
            return 0;
        }
    }

    @Test
    void aStepDownLosesNothing() throws Exception {
        nothingIsLost(100, () -> set.stepDown(Duration.ofSeconds(1)));
    }

    @Test
    void aRestartWithItsDataLosesNothing() throws Exception {
        nothingIsLost(100, set::restart);
    }

    @Test
    @DisplayName("Error Codes, 10107 NotWritablePrimary: no writes until a primary is there again")
    void aMemberSteppedDownTakesNoWrites() throws IOException {
        db.insert("items", "{_id: 0}");
        set.stepDown(Duration.ofSeconds(2));
        try (RawConnection connection = new RawConnection(db)) {
            BsonDocument refused = connection.send(doc("{insert: 'items', documents: [{_id: 1}]}"));
            assertThat(refused.getNumber("ok").intValue()).isZero();
            assertThat(refused.getInt32("code").getValue()).isEqualTo(10107);
            assertThat(refused.containsKey("errorLabels")).isFalse();
            assertThat(inTransaction(connection).getArray("errorLabels"))
                    .containsExactly(new BsonString("TransientTransactionError"));
            assertThat(
                            connection
                                    .send(doc("{hello: 1}"))
                                    .getBoolean("isWritablePrimary")
                                    .getValue())
                    .isFalse();
        }
        untilAccepted(db.collection("items"), doc("{_id: 2}"));
        assertThat(db.collection("items").find()).containsExactly(doc("{_id: 0}"), doc("{_id: 2}"));
    }

    private static BsonDocument inTransaction(RawConnection connection) throws IOException {
        return connection.send(
                doc(
                        "{insert: 'items', documents: [{_id: 1}], lsid: {id: UUID('%s')},"
                                + " txnNumber: NumberLong(1), autocommit: false,"
                                + " startTransaction: true}",
                        UUID.randomUUID()));
    }

    @Test
    void aStalledServerAnswersLater() throws Exception {
        db.insert("items", "{_id: 1}");
        set.stallReplies();
        CompletableFuture<BsonDocument> find =
                CompletableFuture.supplyAsync(() -> db.run("{find: 'items'}"));
        MongoClientSettings impatient =
                MongoClientSettings.builder()
                        .applyConnectionString(new ConnectionString(set.uri()))
                        .applyToSocketSettings(
                                socket -> socket.readTimeout(300, TimeUnit.MILLISECONDS))
                        .retryReads(false)
                        .build();
        try (MongoClient client = MongoClients.create(impatient)) {
            assertThat(
                            catchThrowableOfType(
                                    MongoException.class,
                                    () ->
                                            client.getDatabase(db.name())
                                                    .runCommand(doc("{find: 'items'}"))))
                    .isNotNull();
        }
        assertThat(find).isNotDone();

        set.resumeReplies();

        assertThat(find.get(60, TimeUnit.SECONDS).getDocument("cursor").getArray("firstBatch"))
                .hasSize(1);
    }

    @Test
    void aRestartKeepsDataAndTokens() {
        RawStream stream = db.watch("items");
        db.insert("items", "{_id: 1}", "{_id: 2}");
        List<BsonDocument> events = db.drain(stream);
        int port = set.port();

        set.restart();

        assertThat(set.port()).isEqualTo(port);
        untilAccepted(db.collection("items"), doc("{_id: 3}"));
        BsonDocument token = events.getFirst().getDocument("_id");
        assertThat(Shapes.keys(db.drain(db.watch(db.stream("items").resumeAfter(token)))))
                .containsExactly(doc("{_id: 2}"), doc("{_id: 3}"));
        assertThat(db.collection("items").find()).hasSize(3);
    }

    @Test
    @DisplayName("Resume a Change Stream: a new oplog does not have the old token (280 or 286)")
    void aRestartWithoutDataCannotResume() {
        RawStream stream = db.watch("items");
        db.insert("items", "{_id: 1}");
        BsonDocument token = db.drain(stream).getFirst().getDocument("_id");

        set.restartEmpty();

        untilAccepted(db.collection("items"), doc("{_id: 1}"));
        assertThat(db.collection("items").find()).hasSize(1);
        // A set made anew has the beginning of its history but not the token: 280. A server that
        // lost its files and was filled again has neither: 286.
        MongoCommandException failed =
                catchThrowableOfType(
                        MongoCommandException.class,
                        () -> db.drain(db.watch(db.stream("items").resumeAfter(token))));
        assertThat(failed).isNotNull();
        assertThat(failed.getErrorCode()).isIn(280, 286);
        assertThat(failed.hasErrorLabel("NonResumableChangeStreamError")).isTrue();
    }

    @Test
    @DisplayName("Change Stream History: before the start of the oplog (286)")
    void aStreamCannotStartBeforeTheOplog() {
        RawStream stream = db.watch("items");
        BsonTimestamp before = db.now();
        db.insert("items", "{_id: 1}", "{_id: 2}", "{_id: 3}", "{_id: 4}");
        List<BsonDocument> events = stream.next(4);
        BsonDocument first = events.getFirst().getDocument("_id");
        BsonDocument third = events.get(2).getDocument("_id");

        set.cutOplog(2);

        assertHistoryLost(db.stream("items").resumeAfter(first));
        assertHistoryLost(db.stream("items").startAfter(first));
        assertHistoryLost(db.stream("items").startAt(before));
        assertThat(Shapes.keys(db.drain(db.watch(db.stream("items").resumeAfter(third)))))
                .containsExactly(doc("{_id: 4}"));
    }

    private void assertHistoryLost(StreamSpec spec) {
        MongoCommandException failed =
                catchThrowableOfType(MongoCommandException.class, () -> db.drain(db.watch(spec)));
        assertThat(failed).isNotNull();
        assertThat(failed.getErrorCode()).isEqualTo(286);
        assertThat(failed.getErrorCodeName()).isEqualTo("ChangeStreamHistoryLost");
        assertThat(failed.hasErrorLabel("NonResumableChangeStreamError")).isTrue();
    }

    @Test
    void aStreamThatFellBehindTheOplogEnds() {
        RawStream stream = db.watch("items");
        db.insert("items", "{_id: 1}", "{_id: 2}", "{_id: 3}");

        set.cutOplog(1);

        MongoCommandException failed =
                catchThrowableOfType(MongoCommandException.class, () -> db.drain(stream));
        assertThat(failed).isNotNull();
        assertThat(failed.getErrorCode()).isEqualTo(286);
    }

    @Test
    void aFailedCommandIsFailedSoManyTimes() {
        db.insert("items", "{_id: 1}");
        set.failCommand("aggregate", 8000, 2);
        for (int i = 0; i < 2; i++) {
            MongoException failed =
                    catchThrowableOfType(MongoException.class, () -> db.watch("items"));
            assertThat(failed.getCode()).isEqualTo(8000);
        }
        assertThat(db.drain(db.watch("items"))).isEmpty();
    }
}
