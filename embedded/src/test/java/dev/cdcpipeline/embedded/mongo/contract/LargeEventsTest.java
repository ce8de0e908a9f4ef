package dev.cdcpipeline.embedded.mongo.contract;

import static dev.cdcpipeline.embedded.mongo.contract.Bson.doc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.mongodb.MongoCommandException;

import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonString;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Events near and over 16 MB.
 *
 * <p>Rests on the MongoDB manual: "Change Streams", section "Change Streams and BSON Document
 * Limit"; "$changeStreamSplitLargeEvent (aggregation stage)" (6.0.9 and 7.0); "MongoDB Limits and
 * Thresholds", section "BSON Documents".
 */
@ExtendWith(MongoContract.class)
@DisplayName("$changeStreamSplitLargeEvent and the BSON document limit")
class LargeEventsTest {

    private static final int MB = 1 << 20;
    private static final BsonDocument SPLIT = doc("{$changeStreamSplitLargeEvent: {}}");

    private static String text(char letter, int length) {
        return String.valueOf(letter).repeat(length);
    }

    private static BsonDocument document(int id, String text) {
        return new BsonDocument("_id", new BsonInt32(id)).append("s", new BsonString(text));
    }

    /** A stream whose next event is over 16 MB with its look-up. */
    private static StreamSpec tooLarge(TestDatabase db) {
        db.insert("items", "{_id: 1}");
        StreamSpec spec = db.stream("items").fullDocument("updateLookup");
        BsonDocument start = db.watch(spec).postBatchResumeToken();
        BsonDocument set = new BsonDocument("s", new BsonString(text('x', 9 * MB)));
        db.collection("items").updateOne(doc("{_id: 1}"), new BsonDocument("$set", set));
        return spec.resumeAfter(start);
    }

    @Test
    void aDocumentOfNearlySixteenMegabytesPasses(TestDatabase db) {
        RawStream stream = db.watch("items");
        BsonDocument large = document(1, text('x', 16 * MB - 64));
        db.collection("items").insertOne(large);
        assertThat(stream.next().getDocument("fullDocument").equals(large)).isTrue();
    }

    @Test
    void aDocumentOverSixteenMegabytesIsNotStored(TestDatabase db) {
        RawStream stream = db.watch("items");
        db.insert("items", "{_id: 1, a: '%s'}".formatted(text('x', 10 * MB)));
        BsonDocument statement = doc("{q: {_id: 1}, u: {$set: {b: '%s'}}}", text('y', 7 * MB));
        BsonDocument reply =
                db.run(doc("{update: 'items'}").append("updates", Shapes.array(statement)));
        assertThat(
                        reply.getArray("writeErrors")
                                .getFirst()
                                .asDocument()
                                .getInt32("code")
                                .getValue())
                .isIn(17419, 17420, 10334);
        assertThat(Shapes.types(db.drain(stream))).containsExactly("insert");
    }

    @Test
    void largeEventsComeInBatchesOfAtMostSixteenMegabytes(TestDatabase db) {
        RawStream stream = db.watch(db.stream("items").batchSize(0));
        for (int id = 0; id < 5; id++) {
            db.collection("items").insertOne(document(id, text('x', 6 * MB)));
        }
        List<BsonDocument> keys = new ArrayList<>();
        while (keys.size() < 5) {
            RawStream.Batch batch = stream.getMore(Duration.ofSeconds(1));
            assertThat(batch.events()).hasSizeLessThanOrEqualTo(2);
            keys.addAll(Shapes.keys(batch.events()));
        }
        assertThat(keys)
                .hasSize(5)
                .isSortedAccordingTo((a, b) -> a.getInt32("_id").compareTo(b.getInt32("_id")));
    }

    @Test
    void anEventOverTheLimitEndsAStreamWithoutTheStage(TestDatabase db) {
        RawStream stream = db.watch(tooLarge(db).batchSize(0));
        MongoCommandException failed =
                catchThrowableOfType(MongoCommandException.class, () -> db.drain(stream));
        assertThat(failed).isNotNull();
        assertThat(failed.getErrorCode()).isEqualTo(10334);
        assertThat(failed.getErrorCodeName()).isEqualTo("BSONObjectTooLarge");
    }

    @Test
    void theStageSplitsALargeEventIntoFragments(TestDatabase db) {
        db.server().requires(7, 0, "$changeStreamSplitLargeEvent");
        RawStream stream = db.watch(tooLarge(db).then(SPLIT).batchSize(0));

        List<BsonDocument> fragments = stream.next(2);

        assertThat(fragments)
                .extracting(fragment -> fragment.getDocument("splitEvent"))
                .containsExactly(doc("{fragment: 1, of: 2}"), doc("{fragment: 2, of: 2}"));
        assertThat(Tokens.ofEvents(fragments)).isSorted().doesNotHaveDuplicates();
        BsonDocument whole = new BsonDocument();
        fragments.forEach(whole::putAll);
        assertThat(whole.getString("operationType").getValue()).isEqualTo("update");
        assertThat(whole.getDocument("documentKey")).isEqualTo(doc("{_id: 1}"));
        assertThat(whole.getDocument("fullDocument").getString("s").getValue()).hasSize(9 * MB);
        BsonDocument description = whole.getDocument("updateDescription");
        assertThat(description.getDocument("updatedFields").getString("s").getValue())
                .hasSize(9 * MB);
        int fields = fragments.stream().mapToInt(fragment -> fragment.size() - 2).sum();
        assertThat(whole).hasSize(fields + 2);
    }

    @Test
    @DisplayName("$changeStreamSplitLargeEvent, Resume Tokens: each fragment has its own")
    void aFragmentsTokenLeadsToTheNextFragment(TestDatabase db) {
        db.server().requires(7, 0, "$changeStreamSplitLargeEvent");
        StreamSpec spec = tooLarge(db).then(SPLIT).batchSize(0);
        List<BsonDocument> fragments = db.watch(spec).next(2);
        db.insert("items", "{_id: 2}");

        RawStream resumed = db.watch(spec.resumeAfter(fragments.get(0).getDocument("_id")));
        assertThat(resumed.next().equals(fragments.get(1))).isTrue();
        assertThat(Shapes.keys(resumed.next(1))).containsExactly(doc("{_id: 2}"));

        RawStream past = db.watch(spec.resumeAfter(fragments.get(1).getDocument("_id")));
        assertThat(Shapes.keys(db.drain(past))).containsExactly(doc("{_id: 2}"));
    }

    @Test
    void aSplitTokenNeedsTheStage(TestDatabase db) {
        db.server().requires(7, 0, "$changeStreamSplitLargeEvent");
        StreamSpec spec = tooLarge(db).batchSize(0);
        BsonDocument token = db.watch(spec.then(SPLIT)).next(2).getFirst().getDocument("_id");

        MongoCommandException failed =
                catchThrowableOfType(
                        MongoCommandException.class, () -> db.watch(spec.resumeAfter(token)));

        assertThat(failed).isNotNull();
        assertThat(failed.getErrorCode()).isEqualTo(280);
    }

    @Test
    void anEventWithinTheLimitIsNotSplit(TestDatabase db) {
        db.server().requires(7, 0, "$changeStreamSplitLargeEvent");
        RawStream stream = db.watch(db.stream("items").then(SPLIT));
        db.insert("items", "{_id: 1}");
        assertThat(db.shapesOf(stream)).containsExactly(db.shapes().insert("items", "{_id: 1}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{$changeStreamSplitLargeEvent: {}}", "{$project: {fullDocument: 0}}"})
    void theStageStandsOnceAndLast(String after, TestDatabase db) {
        db.server().requires(7, 0, "$changeStreamSplitLargeEvent");
        db.run("{create: 'items'}");
        MongoCommandException failed =
                catchThrowableOfType(
                        MongoCommandException.class,
                        () -> db.watch(db.stream("items").then(SPLIT, doc(after))));
        assertThat(failed.getErrorCode()).isEqualTo(7182802);
    }

    @Test
    void theStageBelongsToChangeStreamsOnly(TestDatabase db) {
        db.server().requires(7, 0, "$changeStreamSplitLargeEvent");
        db.run("{create: 'items'}");
        MongoCommandException failed =
                catchThrowableOfType(
                        MongoCommandException.class,
                        () ->
                                db.run(
                                        "{aggregate: 'items', cursor: {},"
                                                + " pipeline: [{$changeStreamSplitLargeEvent: {}}]}"));
        assertThat(failed.getErrorCode()).isEqualTo(20);
    }
}
