package dev.cdcpipeline.embedded.mongo.contract;

import static dev.cdcpipeline.embedded.mongo.contract.Bson.doc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.mongodb.MongoBulkWriteException;
import com.mongodb.client.model.BulkWriteOptions;
import com.mongodb.client.model.DeleteManyModel;
import com.mongodb.client.model.DeleteOneModel;
import com.mongodb.client.model.InsertManyOptions;
import com.mongodb.client.model.InsertOneModel;
import com.mongodb.client.model.ReplaceOneModel;
import com.mongodb.client.model.UpdateManyModel;
import com.mongodb.client.model.UpdateOneModel;
import com.mongodb.client.model.UpdateOptions;
import com.mongodb.client.model.WriteModel;

import org.bson.BsonDocument;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.stream.IntStream;

/**
 * The events of writes, one for each document changed, in the order of the changes.
 *
 * <p>Rests on the MongoDB manual: "Change Events", sections "insert Event", "update Event",
 * "replace Event", "delete Event"; "Bulk Write Operations", section "Ordered vs Unordered
 * Operations"; "update (database command)", section "Behavior".
 */
@ExtendWith(MongoContract.class)
@DisplayName("Change Events of writes; Bulk Write Operations, Ordered vs Unordered")
class WriteEventsTest {

    @Test
    void anUnorderedInsertGoesOnAfterADuplicate(TestDatabase db) {
        db.insert("items", "{_id: 2}");
        RawStream stream = db.watch("items");

        List<BsonDocument> documents =
                List.of(
                        doc("{_id: 1}"),
                        doc("{_id: 2}"),
                        doc("{_id: 3}"),
                        doc("{_id: 1, again: 1}"));
        assertThatThrownBy(
                        () ->
                                db.collection("items")
                                        .insertMany(
                                                documents, new InsertManyOptions().ordered(false)))
                .isInstanceOfSatisfying(
                        MongoBulkWriteException.class,
                        failed -> {
                            assertThat(failed.getWriteErrors())
                                    .extracting(error -> error.getIndex())
                                    .containsExactly(1, 3);
                            assertThat(failed.getWriteErrors())
                                    .allMatch(error -> error.getCode() == 11000);
                        });

        assertThat(db.shapesOf(stream))
                .containsExactly(
                        db.shapes().insert("items", "{_id: 1}"),
                        db.shapes().insert("items", "{_id: 3}"));
    }

    @Test
    void anOrderedBulkStopsAtItsFirstError(TestDatabase db) {
        db.insert("items", "{_id: 1}");
        RawStream stream = db.watch("items");

        List<WriteModel<BsonDocument>> writes =
                List.of(
                        new UpdateOneModel<>(doc("{_id: 1}"), doc("{$set: {a: 1}}")),
                        new InsertOneModel<>(doc("{_id: 1}")),
                        new DeleteOneModel<>(doc("{_id: 1}")));
        assertThatThrownBy(() -> db.collection("items").bulkWrite(writes))
                .isInstanceOf(MongoBulkWriteException.class);

        assertThat(db.shapesOf(stream)).containsExactly(db.shapes().update("items", "1", "{a: 1}"));
    }

    @Test
    void anOrderedBulkOfAllKindsKeepsItsOrder(TestDatabase db) {
        db.insert("items", "{_id: 1, g: 1}", "{_id: 2, g: 1}");
        RawStream stream = db.watch("items");

        db.collection("items")
                .bulkWrite(
                        List.of(
                                new InsertOneModel<>(doc("{_id: 3}")),
                                new UpdateManyModel<>(doc("{g: 1}"), doc("{$inc: {n: 1}}")),
                                new ReplaceOneModel<>(doc("{_id: 3}"), doc("{b: 1}")),
                                new UpdateOneModel<>(
                                        doc("{_id: 4}"),
                                        doc("{$set: {u: 1}}"),
                                        new UpdateOptions().upsert(true)),
                                new DeleteManyModel<>(doc("{g: 1}")),
                                new InsertOneModel<>(doc("{_id: 1}"))));

        Shapes shapes = db.shapes();
        assertThat(db.shapesOf(stream))
                .containsExactly(
                        shapes.insert("items", "{_id: 3}"),
                        shapes.update("items", "1", "{n: 1}"),
                        shapes.update("items", "2", "{n: 1}"),
                        shapes.replace("items", "{_id: 3, b: 1}"),
                        shapes.insert("items", "{_id: 4, u: 1}"),
                        shapes.delete("items", "1"),
                        shapes.delete("items", "2"),
                        shapes.insert("items", "{_id: 1}"));
    }

    @Test
    void anUnorderedBulkLeavesOutOnlyWhatFailed(TestDatabase db) {
        db.insert("items", "{_id: 1}", "{_id: 2}");
        RawStream stream = db.watch("items");

        List<WriteModel<BsonDocument>> writes =
                List.of(
                        new InsertOneModel<>(doc("{_id: 1}")),
                        new InsertOneModel<>(doc("{_id: 3}")),
                        new UpdateOneModel<>(doc("{_id: 1}"), doc("{$set: {a: 1}}")),
                        new DeleteOneModel<>(doc("{_id: 2}")));
        assertThatThrownBy(
                        () ->
                                db.collection("items")
                                        .bulkWrite(writes, new BulkWriteOptions().ordered(false)))
                .isInstanceOf(MongoBulkWriteException.class);

        assertThat(db.shapesOf(stream))
                .containsExactlyInAnyOrder(
                        db.shapes().insert("items", "{_id: 3}"),
                        db.shapes().update("items", "1", "{a: 1}"),
                        db.shapes().delete("items", "2"));
    }

    @Test
    void anUpdateOfManyHasNoEventForDocumentsThatStayAsTheyAre(TestDatabase db) {
        db.insert("items", "{_id: 1, a: 1}", "{_id: 2, a: 2}", "{_id: 3, a: 1}");
        RawStream stream = db.watch("items");

        var result = db.collection("items").updateMany(doc("{}"), doc("{$set: {a: 1}}"));

        assertThat(result.getMatchedCount()).isEqualTo(3);
        assertThat(result.getModifiedCount()).isEqualTo(1);
        assertThat(db.shapesOf(stream)).containsExactly(db.shapes().update("items", "2", "{a: 1}"));
    }

    @ParameterizedTest
    @DisplayName("update Event: a write that changes nothing has no event")
    @ValueSource(
            strings = {
                "{$set: {a: 1}}",
                "{$set: {'n.b': 'x', a: 1}}",
                "{$unset: {missing: ''}}",
                "{$unset: {'n.missing': ''}}",
                "{$inc: {a: 0}}",
                "{$mul: {a: 1}}",
                "{$min: {a: 5}}",
                "{$max: {a: 0}}",
                "{$addToSet: {tags: 'p'}}",
                "{$addToSet: {tags: {$each: ['p', 'q']}}}",
                "{$pull: {tags: 'absent'}}",
                "{$pullAll: {tags: ['absent']}}",
                "{$push: {tags: {$each: []}}}",
                "{$rename: {missing: 'other'}}",
                "{$setOnInsert: {fresh: 1}}",
                "{_id: 1, a: 1, n: {b: 'x'}, tags: ['p', 'q']}"
            })
    void aWriteThatChangesNothingHasNoEvent(String update, TestDatabase db) {
        db.insert("items", "{_id: 1, a: 1, n: {b: 'x'}, tags: ['p', 'q']}");
        RawStream stream = db.watch("items");

        BsonDocument reply = db.update("items", "{_id: 1}", update);

        assertThat(reply.getNumber("n").intValue()).isEqualTo(1);
        assertThat(reply.getNumber("nModified").intValue()).isZero();
        assertThat(db.drain(stream)).isEmpty();
    }

    @Test
    @DisplayName("replace Event: a replacement without _id is written even when it is the same")
    void aReplacementWithoutIdIsAlwaysWritten(TestDatabase db) {
        db.insert("items", "{_id: 1, a: 1}");
        RawStream stream = db.watch("items");

        BsonDocument reply = db.update("items", "{_id: 1}", "{a: 1}");

        assertThat(reply.getNumber("nModified").intValue()).isEqualTo(1);
        assertThat(db.shapesOf(stream))
                .containsExactly(db.shapes().replace("items", "{_id: 1, a: 1}"));
    }

    @Test
    void anotherNumericTypeOrAnotherFieldOrderIsAChange(TestDatabase db) {
        db.insert("items", "{_id: 1, a: 1, n: {x: 1, y: 2}}");
        RawStream stream = db.watch("items");

        db.update("items", "{_id: 1}", "{$set: {a: {$numberLong: '1'}}}");
        db.update("items", "{_id: 1}", "{$set: {n: {y: 2, x: 1}}}");

        List<BsonDocument> events = db.drain(stream);
        assertThat(db.shapes().of(events))
                .containsExactly(
                        db.shapes().update("items", "1", "{a: {$numberLong: '1'}}"),
                        db.shapes().update("items", "1", "{n: {y: 2, x: 1}}"));
        assertThat(
                        events.get(1)
                                .getDocument("updateDescription")
                                .getDocument("updatedFields")
                                .getDocument("n")
                                .keySet())
                .containsExactly("y", "x");
    }

    @Test
    @DisplayName("insert Event: _id comes first, and is made when the document has none")
    void aDocumentIsStoredWithItsIdFirst(TestDatabase db) {
        RawStream stream = db.watch("items");

        db.run("{insert: 'items', documents: [{b: 1, _id: 7, a: 2}, {c: 1}]}");

        List<BsonDocument> events = db.drain(stream);
        assertThat(events.get(0).getDocument("fullDocument").keySet())
                .containsExactly("_id", "b", "a");
        BsonDocument made = events.get(1).getDocument("fullDocument");
        assertThat(made.keySet()).containsExactly("_id", "c");
        assertThat(made.isObjectId("_id")).isTrue();
        assertThat(events.get(1).getDocument("documentKey").get("_id")).isEqualTo(made.get("_id"));
    }

    @Test
    void upsertsAreInsertsOrUpdates(TestDatabase db) {
        RawStream stream = db.watch("items");
        String upsert =
                "{update: 'items', updates: [{q: {_id: 1, k: 'x'}, upsert: true,"
                        + " u: {$set: {a: 1}, $setOnInsert: {b: 2}}}]}";

        BsonDocument first = db.run(upsert);
        db.run(upsert);
        db.run(upsert.replace("{a: 1}", "{a: 3}"));
        BsonDocument made =
                db.run("{update: 'items', updates: [{q: {k: 'y'}, upsert: true, u: {z: 1}}]}");

        assertThat(first.getArray("upserted").getFirst().asDocument().get("_id"))
                .isEqualTo(Bson.value("1"));
        var id = made.getArray("upserted").getFirst().asDocument().getObjectId("_id");
        List<BsonDocument> shapes = db.shapesOf(stream);
        assertThat(shapes.subList(0, 2))
                .containsExactly(
                        db.shapes().insert("items", "{_id: 1, k: 'x', a: 1, b: 2}"),
                        db.shapes().update("items", "1", "{a: 3}"));
        assertThat(shapes.get(2))
                .isEqualTo(
                        db.shapes()
                                .insert(
                                        "items",
                                        "{_id: {$oid: '%s'}, z: 1}"
                                                .formatted(id.getValue().toHexString())));
        assertThat(shapes).hasSize(3);
    }

    @Test
    void statementsOfOneCommandEachHaveTheirEvents(TestDatabase db) {
        db.insert("items", "{_id: 1}", "{_id: 2}");
        RawStream stream = db.watch("items");

        db.run(
                "{update: 'items', ordered: true, updates: ["
                        + "{q: {_id: 1}, u: {$set: {a: 1}}},"
                        + "{q: {_id: 2}, u: {b: 1}},"
                        + "{q: {_id: 1}, u: {$set: {_id: 9}}},"
                        + "{q: {_id: 1}, u: {$set: {c: 1}}}]}");

        assertThat(db.shapesOf(stream))
                .containsExactly(
                        db.shapes().update("items", "1", "{a: 1}"),
                        db.shapes().replace("items", "{_id: 2, b: 1}"));
    }

    @Test
    @DisplayName("Unique Indexes: a write that is refused has no event")
    void aWriteAgainstAUniqueIndexIsRefused(TestDatabase db) {
        db.insert("items", "{_id: 1, k: 'a'}", "{_id: 2, k: 'b'}");
        db.run("{createIndexes: 'items', indexes: [{key: {k: 1}, name: 'k_1', unique: true}]}");
        RawStream stream = db.watch("items");

        for (String command :
                List.of(
                        "{insert: 'items', documents: [{_id: 3, k: 'a'}]}",
                        "{update: 'items', updates: [{q: {_id: 2}, u: {$set: {k: 'a'}}}]}",
                        "{update: 'items', updates: [{q: {_id: 2}, u: {k: 'a'}}]}")) {
            BsonDocument error = db.run(command).getArray("writeErrors").getFirst().asDocument();
            assertThat(error.getInt32("code").getValue()).isEqualTo(11000);
        }
        db.delete("items", "{_id: 1}");
        db.run("{update: 'items', updates: [{q: {_id: 2}, u: {$set: {k: 'a'}}}]}");

        assertThat(db.shapesOf(stream))
                .containsExactly(
                        db.shapes().delete("items", "1"),
                        db.shapes().update("items", "2", "{k: 'a'}"));
    }

    @Test
    void manyDocumentsOfOneCommandKeepTheirOrder(TestDatabase db) {
        RawStream stream = db.watch("items");
        List<BsonDocument> documents =
                IntStream.range(0, 5_000).mapToObj(id -> doc("{_id: %d}", id)).toList();
        db.collection("items").insertMany(documents);

        assertThat(Shapes.keys(db.drain(stream))).isEqualTo(documents);
    }
}
