package dev.cdcpipeline.embedded.mongo.contract;

import static dev.cdcpipeline.embedded.mongo.contract.Bson.doc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.mongodb.MongoException;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.bson.BsonDocument;
import org.bson.BsonTimestamp;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import java.time.Duration;
import java.util.List;

/**
 * Where a stream starts again.
 *
 * <p>Rests on the MongoDB manual: "Change Streams", sections "Resume a Change Stream", "Resume
 * Tokens" ("Resume Tokens from Change Events", "Resume Tokens from aggregate": {@code
 * postBatchResumeToken}); "$changeStream (aggregation stage)", fields {@code resumeAfter}, {@code
 * startAfter}, {@code startAtOperationTime}.
 */
@ExtendWith(MongoContract.class)
@DisplayName("Change Streams, Resume a Change Stream and Resume Tokens")
class ResumeTest {

    /** Writes of every kind; returns the events. */
    private static List<BsonDocument> writes(TestDatabase db, RawStream stream) {
        db.insert("items", "{_id: 1}", "{_id: 2}", "{_id: 'three'}");
        db.update("items", "{}", "{$set: {a: 1}}");
        db.run("{update: 'items', updates: [{q: {}, u: {$set: {b: 1}}, multi: true}]}");
        db.run("{update: 'items', updates: [{q: {_id: 2}, u: {r: 1}}]}");
        db.delete("items", "{_id: 1}");
        db.insert("items", "{_id: 1}");
        return db.drain(stream);
    }

    @Test
    void tokensAreUniqueAndSortInTheOrderOfTheEvents(TestDatabase db) {
        RawStream stream = db.watch("items");
        List<BsonDocument> events = writes(db, stream);

        assertThat(events).hasSize(10);
        List<String> tokens = Tokens.ofEvents(events);
        assertThat(tokens).isSorted().doesNotHaveDuplicates();
        assertThat(tokens).allMatch(token -> token.matches("([0-9A-F]{2})+"));
        assertThat(Tokens.data(stream.postBatchResumeToken()))
                .isGreaterThanOrEqualTo(tokens.getLast());
    }

    @Test
    void everyTokenLeadsToExactlyTheEventsAfterIt(TestDatabase db) {
        List<BsonDocument> events = writes(db, db.watch("items"));
        for (int i = 0; i < events.size(); i++) {
            BsonDocument token = events.get(i).getDocument("_id");
            List<BsonDocument> rest = events.subList(i + 1, events.size());

            StreamSpec stream = db.stream("items");
            assertThat(db.drain(db.watch(stream.resumeAfter(token)))).isEqualTo(rest);
            assertThat(db.drain(db.watch(stream.startAfter(token)))).isEqualTo(rest);
        }
    }

    @Test
    void theSameEventHasTheSameTokenInEveryScope(TestDatabase db) {
        RawStream collection = db.watch("items");
        RawStream database = db.watch(db.databaseStream());
        RawStream cluster = db.watch(db.clusterStream());

        List<BsonDocument> events = writes(db, collection);

        assertThat(db.drain(database)).isEqualTo(events);
        assertThat(db.drain(cluster)).isEqualTo(events);
        BsonDocument third = events.get(2).getDocument("_id");
        assertThat(db.drain(db.watch(db.databaseStream().resumeAfter(third))))
                .isEqualTo(events.subList(3, events.size()));
        assertThat(db.drain(db.watch(db.clusterStream().resumeAfter(third))))
                .isEqualTo(events.subList(3, events.size()));
    }

    @Test
    @DisplayName("Resume Tokens from aggregate: postBatchResumeToken moves on while idle")
    void theBatchTokenMovesOnWhileNothingMatches(TestDatabase db) {
        RawStream stream = db.watch("items");
        BsonDocument before = stream.postBatchResumeToken();
        db.insert("others", "{_id: 1}");
        BsonTimestamp written = db.now();

        assertThat(stream.drain(written)).isEmpty();

        BsonDocument after = stream.postBatchResumeToken();
        assertThat(Tokens.data(after)).isGreaterThan(Tokens.data(before));
        assertThat(Tokens.clusterTime(after)).isGreaterThanOrEqualTo(written);
        db.insert("items", "{_id: 1}");
        RawStream resumed = db.watch(db.stream("items").resumeAfter(after));
        assertThat(Shapes.keys(db.drain(resumed))).containsExactly(doc("{_id: 1}"));
    }

    @Test
    void theOpeningTokenLeadsToEverythingSinceTheOpening(TestDatabase db) {
        RawStream stream = db.watch(db.stream("items").batchSize(0));
        BsonDocument opening = stream.postBatchResumeToken();
        List<BsonDocument> events = writes(db, stream);

        assertThat(db.drain(db.watch(db.stream("items").resumeAfter(opening)))).isEqualTo(events);
        assertThat(db.drain(db.watch(db.stream("items").startAfter(opening)))).isEqualTo(events);
    }

    @Test
    void theTokenOfAPartialBatchLeadsToItsRest(TestDatabase db) {
        RawStream stream = db.watch("items");
        List<BsonDocument> events = writes(db, stream);
        BsonTimestamp start = events.getFirst().getTimestamp("clusterTime");
        RawStream slow = db.watch(db.stream("items").startAt(start).batchSize(0));

        for (int i = 0; i < events.size(); i++) {
            assertThat(slow.nextBatch(1)).containsExactly(events.get(i));
            BsonDocument token = slow.postBatchResumeToken();
            assertThat(db.drain(db.watch(db.stream("items").resumeAfter(token))))
                    .isEqualTo(events.subList(i + 1, events.size()));
        }
    }

    @Test
    @DisplayName("$changeStream, startAtOperationTime: the event at that time is included")
    void anOperationTimeIsInclusive(TestDatabase db) {
        List<BsonDocument> events = writes(db, db.watch("items"));

        for (int i : List.of(0, 1, 4, events.size() - 1)) {
            BsonTimestamp time = events.get(i).getTimestamp("clusterTime");
            List<BsonDocument> expected =
                    events.stream()
                            .filter(event -> event.getTimestamp("clusterTime").compareTo(time) >= 0)
                            .toList();
            assertThat(db.drain(db.watch(db.stream("items").startAt(time)))).isEqualTo(expected);
        }
    }

    @Test
    void anOperationTimeOfAReplyStartsAtThatMoment(TestDatabase db) {
        db.insert("items", "{_id: 1}");
        BsonTimestamp between = db.now();
        db.insert("items", "{_id: 2}");

        List<BsonDocument> events = db.drain(db.watch(db.stream("items").startAt(between)));

        // The write before has that very time, unless another user of the server wrote since.
        assertThat(Shapes.keys(events)).endsWith(doc("{_id: 2}")).hasSizeBetween(1, 2);
        assertThat(events)
                .allMatch(event -> event.getTimestamp("clusterTime").compareTo(between) >= 0);
    }

    @Test
    void anOperationTimeToComeIsWaitedFor(TestDatabase db) {
        BsonTimestamp now = db.now();
        BsonTimestamp later = new BsonTimestamp(now.getTime() + 3600, 1);
        RawStream stream = db.watch(db.stream("items").startAt(later));
        db.insert("items", "{_id: 1}");
        assertThat(stream.getMore(Duration.ofMillis(50)).events()).isEmpty();
    }

    @Test
    void aTokenMayBeUsedWithOtherOptionsAndStages(TestDatabase db) {
        List<BsonDocument> events = writes(db, db.watch("items"));
        BsonDocument token = events.get(1).getDocument("_id");

        RawStream resumed =
                db.watch(
                        db.stream("items")
                                .resumeAfter(token)
                                .fullDocument("updateLookup")
                                .then(doc("{$match: {operationType: 'update'}}")));

        List<BsonDocument> seen = db.drain(resumed);
        assertThat(Shapes.types(seen)).containsOnly("update").hasSize(4);
        assertThat(seen).allMatch(event -> event.containsKey("fullDocument"));
    }

    @Test
    @DisplayName("Resume a Change Stream: a token of another collection is not found (280)")
    void aTokenOfAnotherCollectionCannotBeResumedFrom(TestDatabase db) {
        RawStream others = db.watch("others");
        db.insert("others", "{_id: 1}");
        BsonDocument alien = db.drain(others).getFirst().getDocument("_id");
        db.insert("items", "{_id: 1}");

        MongoException failed =
                catchThrowableOfType(
                        MongoException.class,
                        () -> db.drain(db.watch(db.stream("items").resumeAfter(alien))));

        assertThat(failed).isNotNull();
        assertThat(failed.getCode()).isEqualTo(280);
        assertThat(failed.hasErrorLabel("NonResumableChangeStreamError")).isTrue();
    }

    @Test
    void onlyOneStartingPointMayBeGiven(TestDatabase db) {
        RawStream stream = db.watch("items");
        BsonDocument token = stream.postBatchResumeToken();
        StreamSpec spec = db.stream("items").resumeAfter(token);

        assertThat(codeOf(() -> db.watch(spec.startAfter(token)))).isEqualTo(50865);
        assertThat(codeOf(() -> db.watch(spec.startAt(db.now())))).isEqualTo(40674);
    }

    private static int codeOf(ThrowingCallable call) {
        return catchThrowableOfType(MongoException.class, call).getCode();
    }
}
