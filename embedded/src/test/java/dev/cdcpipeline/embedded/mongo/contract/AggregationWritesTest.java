package dev.cdcpipeline.embedded.mongo.contract;

import static dev.cdcpipeline.embedded.mongo.contract.Bson.doc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.mongodb.MongoCommandException;

import org.bson.BsonDocument;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;

/**
 * Aggregations that write have the events of their writes.
 *
 * <p>Rests on the MongoDB manual: "$merge (aggregation stage)", sections "whenMatched" and
 * "whenNotMatched"; "$out (aggregation stage)", section "Replace Existing Collection"; "Change
 * Events", section "rename Event".
 */
@ExtendWith(MongoContract.class)
@DisplayName("$merge and $out; Change Events of what they write")
class AggregationWritesTest {

    @BeforeEach
    void source(TestDatabase db) {
        db.insert("source", "{_id: 1, a: 1}", "{_id: 2, a: 2}");
        db.insert("target", "{_id: 1, old: true}");
    }

    private static void aggregate(TestDatabase db, String stage) {
        db.run("{aggregate: 'source', pipeline: [{$sort: {_id: 1}}, %s], cursor: {}}", stage);
    }

    @Test
    void mergedDocumentsAreInsertedAndUpdated(TestDatabase db) {
        RawStream stream = db.watch("target");
        aggregate(db, "{$merge: {into: 'target'}}");

        List<BsonDocument> shapes = db.shapesOf(stream);
        assertThat(Shapes.types(shapes)).containsExactly("update", "insert");
        assertThat(shapes)
                .containsExactly(
                        db.shapes().update("target", "1", "{a: 1}"),
                        db.shapes().insert("target", "{_id: 2, a: 2}"));
        assertThat(db.collection("target").find())
                .containsExactlyInAnyOrder(doc("{_id: 1, old: true, a: 1}"), doc("{_id: 2, a: 2}"));
    }

    @Test
    @DisplayName("$merge, whenMatched: replace, keepExisting; whenNotMatched: insert, discard")
    void matchedDocumentsAreReplacedOrKept(TestDatabase db) {
        RawStream stream = db.watch("target");
        aggregate(
                db,
                "{$merge: {into: 'target', whenMatched: 'keepExisting', whenNotMatched: 'insert'}}");
        aggregate(
                db,
                "{$merge: {into: 'target', whenMatched: 'replace', whenNotMatched: 'discard'}}");
        // The second document is the same already, and a replacement with its _id.

        assertThat(db.shapesOf(stream))
                .containsExactly(
                        db.shapes().insert("target", "{_id: 2, a: 2}"),
                        db.shapes().replace("target", "{_id: 1, a: 1}"));
    }

    @ParameterizedTest
    @DisplayName("$merge: what keeps or refuses a match can only insert the rest (51181)")
    @CsvSource({"keepExisting, discard", "keepExisting, fail", "fail, discard", "fail, fail"})
    void otherCombinationsAreRefused(String matched, String notMatched, TestDatabase db) {
        MongoCommandException failed =
                catchThrowableOfType(
                        MongoCommandException.class,
                        () ->
                                aggregate(
                                        db,
                                        "{$merge: {into: 'target', whenMatched: '%s', whenNotMatched: '%s'}}"
                                                .formatted(matched, notMatched)));
        assertThat(failed.getErrorCode()).isEqualTo(51181);
    }

    @Test
    @DisplayName("$out, Replace Existing Collection: seen as a rename over it")
    void anOutputCollectionIsRenamedIntoPlace(TestDatabase db) {
        RawStream stream = db.watch("target");
        aggregate(db, "{$out: 'target'}");

        List<BsonDocument> events = db.drain(stream);
        assertThat(Shapes.types(events)).containsExactly("rename", "invalidate");
        assertThat(events.getFirst().getDocument("to"))
                .isEqualTo(doc("{db: '%s', coll: 'target'}", db.name()));
        assertThat(db.collection("target").find())
                .containsExactlyInAnyOrder(doc("{_id: 1, a: 1}"), doc("{_id: 2, a: 2}"));
    }
}
