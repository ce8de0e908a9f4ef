package dev.cdcpipeline.embedded.mongo.contract;

import static dev.cdcpipeline.embedded.mongo.contract.Bson.doc;

import static org.assertj.core.api.Assertions.assertThat;

import org.bson.BsonBoolean;
import org.bson.BsonDocument;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import java.util.List;

/**
 * The events that a stream shows only when it is asked to.
 *
 * <p>Rests on the MongoDB manual: "Change Streams", section "Expanded Events"; "Change Events",
 * sections "create Event", "createIndexes Event", "dropIndexes Event", "modify Event"; fields
 * {@code collectionUUID} and {@code operationDescription} (6.0).
 */
@ExtendWith(MongoContract.class)
@DisplayName("Change Events: create, createIndexes, dropIndexes, modify (showExpandedEvents)")
class ExpandedEventsTest {

    @BeforeEach
    void sinceSixZero(TestDatabase db) {
        db.server().requires(6, 0, "showExpandedEvents");
    }

    private static RawStream expanded(TestDatabase db) {
        return db.watch(db.databaseStream().with("showExpandedEvents", BsonBoolean.TRUE));
    }

    @Test
    void collectionsAndIndexesHaveTheirEvents(TestDatabase db) {
        RawStream stream = expanded(db);
        RawStream plain = db.watch(db.databaseStream());

        db.run("{create: 'items'}");
        db.run("{createIndexes: 'items', indexes: [{key: {a: 1}, name: 'a_1'}]}");
        db.insert("items", "{_id: 1}");
        db.run("{dropIndexes: 'items', index: 'a_1'}");
        db.insert("made", "{_id: 1}");
        db.run("{drop: 'items'}");

        List<BsonDocument> events = db.drain(stream);
        assertThat(Shapes.types(events))
                .containsExactly(
                        "create",
                        "createIndexes",
                        "insert",
                        "dropIndexes",
                        "create",
                        "insert",
                        "drop");
        assertThat(Shapes.types(db.drain(plain))).containsExactly("insert", "insert", "drop");
        BsonDocument index = doc("{indexes: [{v: 2, key: {a: 1}, name: 'a_1'}]}");
        assertThat(events.get(1).getDocument("operationDescription")).isEqualTo(index);
        assertThat(events.get(3).getDocument("operationDescription")).isEqualTo(index);
        assertThat(events.get(0).getDocument("operationDescription").getDocument("idIndex"))
                .isEqualTo(doc("{v: 2, key: {_id: 1}, name: '_id_'}"));
    }

    @Test
    void eventsCarryTheIdentityOfTheirCollection(TestDatabase db) {
        RawStream stream = expanded(db);
        db.insert("items", "{_id: 1}");
        db.run("{drop: 'items'}");
        db.insert("items", "{_id: 1}");

        List<BsonDocument> events = db.drain(stream);
        assertThat(Shapes.types(events))
                .containsExactly("create", "insert", "drop", "create", "insert");
        assertThat(events).allMatch(event -> event.isBinary("collectionUUID"));
        assertThat(events.get(0).get("collectionUUID"))
                .isEqualTo(events.get(1).get("collectionUUID"))
                .isEqualTo(events.get(2).get("collectionUUID"))
                .isNotEqualTo(events.get(3).get("collectionUUID"));
    }

    @Test
    void aModifiedCollectionHasItsEvent(TestDatabase db) {
        db.run("{create: 'items'}");
        RawStream stream = expanded(db);
        db.run("{collMod: 'items', changeStreamPreAndPostImages: {enabled: true}}");

        BsonDocument event = stream.next();
        assertThat(event.getString("operationType").getValue()).isEqualTo("modify");
        assertThat(event.getDocument("operationDescription"))
                .isEqualTo(doc("{changeStreamPreAndPostImages: {enabled: true}}"));
        assertThat(event.getDocument("stateBeforeChange").isDocument("collectionOptions")).isTrue();
    }

    @Test
    void aRenameSaysWhatItDid(TestDatabase db) {
        db.insert("items", "{_id: 1}");
        RawStream stream = expanded(db);
        db.admin("{renameCollection: '%1$s.items', to: '%1$s.moved'}", db.name());

        BsonDocument event = stream.next();
        assertThat(event.getDocument("operationDescription").getDocument("to"))
                .isEqualTo(event.getDocument("to"));
    }
}
