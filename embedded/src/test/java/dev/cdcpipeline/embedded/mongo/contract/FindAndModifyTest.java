package dev.cdcpipeline.embedded.mongo.contract;

import static dev.cdcpipeline.embedded.mongo.contract.Bson.doc;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.model.FindOneAndReplaceOptions;
import com.mongodb.client.model.FindOneAndUpdateOptions;
import com.mongodb.client.model.ReturnDocument;

import org.bson.BsonDocument;
import org.bson.BsonNull;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The events of {@code findAndModify}.
 *
 * <p>Rests on the MongoDB manual, "findAndModify (database command)", sections "Output" and
 * "Behavior", and "Change Events".
 */
@ExtendWith(MongoContract.class)
@DisplayName("findAndModify, Output and Behavior")
class FindAndModifyTest {

    @BeforeEach
    void twoDocuments(TestDatabase db) {
        db.insert("items", "{_id: 1, a: 1}", "{_id: 2, a: 2}");
    }

    @Test
    void anUpdateIsAnUpdate(TestDatabase db) {
        RawStream stream = db.watch("items");

        BsonDocument before =
                db.collection("items").findOneAndUpdate(doc("{a: 2}"), doc("{$inc: {a: 5}}"));
        BsonDocument after =
                db.collection("items")
                        .findOneAndUpdate(
                                doc("{}"),
                                doc("{$set: {b: 1}}"),
                                new FindOneAndUpdateOptions()
                                        .sort(doc("{a: -1}"))
                                        .returnDocument(ReturnDocument.AFTER));

        assertThat(before).isEqualTo(doc("{_id: 2, a: 2}"));
        assertThat(after).isEqualTo(doc("{_id: 2, a: 7, b: 1}"));
        assertThat(db.shapesOf(stream))
                .containsExactly(
                        db.shapes().update("items", "2", "{a: 7}"),
                        db.shapes().update("items", "2", "{b: 1}"));
    }

    @Test
    void aReplacementIsAReplace(TestDatabase db) {
        RawStream stream = db.watch("items");
        db.collection("items").findOneAndReplace(doc("{_id: 1}"), doc("{b: 1}"));
        assertThat(db.shapesOf(stream))
                .containsExactly(db.shapes().replace("items", "{_id: 1, b: 1}"));
    }

    @Test
    void aRemovalIsADelete(TestDatabase db) {
        RawStream stream = db.watch("items");
        BsonDocument removed = db.collection("items").findOneAndDelete(doc("{a: 2}"));
        assertThat(removed).isEqualTo(doc("{_id: 2, a: 2}"));
        assertThat(db.shapesOf(stream)).containsExactly(db.shapes().delete("items", "2"));
    }

    @Test
    void anUpsertIsAnInsert(TestDatabase db) {
        RawStream stream = db.watch("items");
        db.collection("items")
                .findOneAndUpdate(
                        doc("{_id: 3}"),
                        doc("{$set: {a: 3}}"),
                        new FindOneAndUpdateOptions().upsert(true));
        db.collection("items")
                .findOneAndReplace(
                        doc("{_id: 4}"),
                        doc("{r: 1}"),
                        new FindOneAndReplaceOptions().upsert(true));
        assertThat(db.shapesOf(stream))
                .containsExactly(
                        db.shapes().insert("items", "{_id: 3, a: 3}"),
                        db.shapes().insert("items", "{_id: 4, r: 1}"));
    }

    @Test
    void whatMatchesNothingOrChangesNothingHasNoEvent(TestDatabase db) {
        RawStream stream = db.watch("items");

        BsonDocument none =
                db.run("{findAndModify: 'items', query: {_id: 9}, update: {$set: {a: 1}}}");
        BsonDocument same =
                db.run("{findAndModify: 'items', query: {_id: 1}, update: {$set: {a: 1}}}");
        db.run("{findAndModify: 'items', query: {_id: 9}, remove: true}");

        assertThat(none.get("value")).isEqualTo(BsonNull.VALUE);
        assertThat(none.getDocument("lastErrorObject").getBoolean("updatedExisting").getValue())
                .isFalse();
        assertThat(same.getDocument("value")).isEqualTo(doc("{_id: 1, a: 1}"));
        assertThat(same.getDocument("lastErrorObject").getBoolean("updatedExisting").getValue())
                .isTrue();
        assertThat(db.drain(stream)).isEmpty();
    }
}
