package dev.cdcpipeline.embedded.mongo.contract;

import static dev.cdcpipeline.embedded.mongo.contract.Bson.doc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.mongodb.MongoException;

import dev.cdcpipeline.embedded.mongo.MongoReplicaSet;

import org.bson.BsonDocument;
import org.bson.BsonInt64;
import org.bson.BsonTimestamp;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The cursor of a stream: awaiting, batches, the end.
 *
 * <p>Rests on the MongoDB manual: "getMore (database command)", fields {@code batchSize} and {@code
 * maxTimeMS}; "killCursors (database command)"; "Error Codes" (43 CursorNotFound).
 */
@ExtendWith(MongoContract.class)
@DisplayName("getMore and killCursors")
class CursorTest {

    private static final Duration LONG = Duration.ofSeconds(30);

    @Test
    @DisplayName("getMore, maxTimeMS: a waiting getMore answers at once when an event comes")
    void aWaitingGetMoreWakesAtOnce(TestDatabase db) throws Exception {
        db.run("{create: 'items'}");
        RawStream stream = db.watch("items");
        CompletableFuture<RawStream.Batch> waiting =
                CompletableFuture.supplyAsync(() -> stream.getMore(LONG));
        assertThat(stillWaiting(waiting)).isTrue();

        long wrote = System.nanoTime();
        db.insert("items", "{_id: 1}");
        RawStream.Batch batch = waiting.get(60, TimeUnit.SECONDS);

        assertThat(batch.events()).hasSize(1);
        assertThat(Duration.ofNanos(System.nanoTime() - wrote)).isLessThan(Duration.ofSeconds(10));
    }

    private static boolean stillWaiting(CompletableFuture<?> call)
            throws InterruptedException, ExecutionException {
        try {
            call.get(300, TimeUnit.MILLISECONDS);
            return false;
        } catch (TimeoutException waits) {
            return true;
        }
    }

    @Test
    void anEventOfAnotherCollectionDoesNotEndTheWaiting(TestDatabase db) throws Exception {
        db.run("{create: 'items'}");
        RawStream stream = db.watch("items");
        CompletableFuture<RawStream.Batch> waiting =
                CompletableFuture.supplyAsync(() -> stream.getMore(LONG));

        db.insert("others", "{_id: 1}");
        assertThat(stillWaiting(waiting)).isTrue();

        db.insert("items", "{_id: 2}");
        assertThat(Shapes.keys(waiting.get(60, TimeUnit.SECONDS).events()))
                .containsExactly(doc("{_id: 2}"));
    }

    @Test
    void aGetMoreWithNothingToSayAnswersAfterItsTime(TestDatabase db) {
        RawStream stream = db.watch("items");
        long start = System.nanoTime();

        RawStream.Batch batch = stream.getMore(Duration.ofMillis(400));

        Duration took = Duration.ofNanos(System.nanoTime() - start);
        assertThat(took).isBetween(Duration.ofMillis(300), Duration.ofSeconds(20));
        assertThat(batch.events()).isEmpty();
        assertThat(batch.cursorId()).isNotZero();
        assertThat(batch.postBatchResumeToken()).isNotNull();
    }

    @Test
    @DisplayName("seen on 4.9: an empty reply may have the very time of an event that comes next")
    void theTokenOfTheStartSaysNothingOfThatTime(TestedServer server) {
        server.requiresEmbedded("a real server shows it now and then");
        Instant now = Instant.now();
        try (TestedServer still =
                        TestedServer.embedded(MongoReplicaSet.builder().clock(() -> now).start());
                TestDatabase db = new TestDatabase(still)) {
            db.run("{create: 'items'}");
            RawStream stream = db.watch("items");
            db.insert("items", "{_id: 1}");

            assertThat(stream.getMore(LONG).events()).isEmpty();
            BsonTimestamp promised = Tokens.clusterTime(stream.postBatchResumeToken());
            assertThat(stream.next().getTimestamp("clusterTime")).isEqualTo(promised);
        }
    }

    @Test
    @DisplayName("getMore, batchSize")
    void aBatchIsNotLargerThanAsked(TestDatabase db) {
        RawStream stream = db.watch(db.stream("items").batchSize(0));
        assertThat(stream.opening().events()).isEmpty();
        db.insert("items", "{_id: 1}", "{_id: 2}", "{_id: 3}", "{_id: 4}", "{_id: 5}");

        assertThat(stream.nextBatch(2)).hasSize(2);
        assertThat(stream.nextBatch(2)).hasSize(2);
        assertThat(Shapes.keys(stream.nextBatch(2))).containsExactly(doc("{_id: 5}"));
    }

    @Test
    @DisplayName("aggregate, cursor.batchSize: the first batch of a resumed stream")
    void theFirstBatchOfAResumedStreamIsNotLargerThanAsked(TestDatabase db) {
        BsonDocument start = db.watch("items").postBatchResumeToken();
        db.insert("items", "{_id: 1}", "{_id: 2}", "{_id: 3}");
        StreamSpec resumed = db.stream("items").resumeAfter(start);

        assertThat(db.watch(resumed.batchSize(0)).opening().events()).isEmpty();
        RawStream two = db.watch(resumed.batchSize(2));
        assertThat(two.opening().events()).hasSizeLessThanOrEqualTo(2);
        assertThat(Shapes.keys(db.drain(two)))
                .containsExactly(doc("{_id: 1}"), doc("{_id: 2}"), doc("{_id: 3}"));
    }

    @Test
    @DisplayName("killCursors: the cursor is gone (43)")
    void aKilledCursorIsNotFound(TestDatabase db) {
        RawStream stream = db.watch("items");
        BsonInt64 id = new BsonInt64(stream.cursorId());

        BsonDocument reply = stream.kill();

        assertThat(reply.getArray("cursorsKilled")).containsExactly(id);
        assertThat(reply.getArray("cursorsNotFound")).isEmpty();
        MongoException failed =
                catchThrowableOfType(
                        MongoException.class, () -> stream.getMore(Duration.ofMillis(10)));
        assertThat(failed).isNotNull();
        assertThat(failed.getCode()).isEqualTo(43);
        assertThat(stream.kill().getArray("cursorsNotFound")).containsExactly(id);
    }

    @Test
    void aCursorThatNeverWasIsNotFound(TestDatabase db) {
        db.run("{create: 'items'}");
        MongoException failed =
                catchThrowableOfType(
                        MongoException.class,
                        () -> db.run("{getMore: {$numberLong: '123456789'}, collection: 'items'}"));
        assertThat(failed.getCode()).isEqualTo(43);
        BsonDocument reply =
                db.run("{killCursors: 'items', cursors: [{$numberLong: '123456789'}]}");
        assertThat(reply.getArray("cursorsNotFound")).containsExactly(new BsonInt64(123456789));
    }

    @Test
    void killingAWaitingCursorEndsTheWaiting(TestDatabase db) {
        db.run("{create: 'items'}");
        RawStream stream = db.watch("items");
        CompletableFuture<RawStream.Batch> waiting =
                CompletableFuture.supplyAsync(() -> stream.getMore(LONG));
        long id = stream.cursorId();

        // Whichever comes first at the server: the getMore fails in either case.
        db.run("{killCursors: 'items', cursors: [{$numberLong: '%d'}]}", id);

        assertThat(waiting)
                .failsWithin(Duration.ofSeconds(60))
                .withThrowableOfType(ExecutionException.class)
                .havingCause()
                .isInstanceOfSatisfying(
                        MongoException.class,
                        failed -> assertThat(failed.getCode()).isIn(237, 43, 11601));
    }

    @Test
    void anOrdinaryCursorIsReadInBatchesToo(TestDatabase db) {
        db.insert("items", "{_id: 1}", "{_id: 2}", "{_id: 3}");
        List<BsonDocument> all = db.collection("items").find().batchSize(2).into(new ArrayList<>());
        assertThat(all).containsExactly(doc("{_id: 1}"), doc("{_id: 2}"), doc("{_id: 3}"));
    }
}
