package dev.cdcpipeline.embedded.mongo.contract;

import static dev.cdcpipeline.embedded.mongo.contract.Bson.doc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.mongodb.MongoCommandException;

import org.bson.BsonDocument;
import org.bson.BsonNull;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;

/**
 * Documents as they were before and after a change.
 *
 * <p>Rests on the MongoDB manual: "Change Streams", sections "Lookup Full Document for Update
 * Operations" and "Change Streams with Document Pre- and Post-Images" (6.0); "collMod", field
 * {@code changeStreamPreAndPostImages}.
 */
@ExtendWith(MongoContract.class)
@DisplayName("Change Streams, Lookup Full Document and Pre- and Post-Images")
class FullDocumentTest {

    private static StreamSpec images(TestDatabase db, String after, String before) {
        return db.stream("items")
                .fullDocument(after)
                .with("fullDocumentBeforeChange", new BsonString(before));
    }

    /** An update, a replacement and a deletion; returns their events. */
    private static List<BsonDocument> changes(TestDatabase db, RawStream stream) {
        db.insert("items", "{_id: 1, a: 1}");
        db.update("items", "{_id: 1}", "{$set: {a: 2}}");
        db.update("items", "{_id: 1}", "{b: 3}");
        db.delete("items", "{_id: 1}");
        List<BsonDocument> events = db.drain(stream);
        assertThat(Shapes.types(events)).containsExactly("insert", "update", "replace", "delete");
        return events;
    }

    private static @Nullable BsonValue field(BsonDocument event, String name) {
        return event.get(name);
    }

    @Test
    void theDefaultHasNoDocumentForUpdatesAndDeletes(TestDatabase db) {
        List<BsonDocument> events =
                changes(db, db.watch(db.stream("items").fullDocument("default")));
        assertThat(events)
                .extracting(event -> event.containsKey("fullDocument"))
                .containsExactly(true, false, true, false);
    }

    @Test
    void lookUpShowsTheDocumentAsItIsNow(TestDatabase db) {
        db.insert("items", "{_id: 1, a: 1}", "{_id: 2}");
        RawStream stream = db.watch(db.databaseStream().fullDocument("updateLookup"));

        db.update("items", "{_id: 1}", "{$set: {a: 2}}");
        db.update("items", "{_id: 2}", "{$set: {gone: true}}");
        db.delete("items", "{_id: 2}");
        db.update("items", "{_id: 1}", "{$set: {a: 3}}");

        List<BsonDocument> events = db.drain(stream);
        assertThat(field(events.get(0), "fullDocument")).isEqualTo(doc("{_id: 1, a: 3}"));
        assertThat(field(events.get(1), "fullDocument")).isEqualTo(BsonNull.VALUE);
        assertThat(events.get(2).containsKey("fullDocument")).isFalse();
        assertThat(field(events.get(3), "fullDocument")).isEqualTo(doc("{_id: 1, a: 3}"));
    }

    @Test
    void imagesShowTheDocumentAsItWas(TestDatabase db) {
        db.server().requires(6, 0, "pre- and post-images");
        db.run("{create: 'items', changeStreamPreAndPostImages: {enabled: true}}");
        for (String mode : List.of("whenAvailable", "required")) {
            List<BsonDocument> events = changes(db, db.watch(images(db, mode, mode)));
            assertThat(events.get(0).containsKey("fullDocumentBeforeChange")).isFalse();
            assertThat(field(events.get(1), "fullDocumentBeforeChange"))
                    .isEqualTo(doc("{_id: 1, a: 1}"));
            assertThat(field(events.get(1), "fullDocument")).isEqualTo(doc("{_id: 1, a: 2}"));
            assertThat(field(events.get(2), "fullDocumentBeforeChange"))
                    .isEqualTo(doc("{_id: 1, a: 2}"));
            assertThat(field(events.get(2), "fullDocument")).isEqualTo(doc("{_id: 1, b: 3}"));
            assertThat(field(events.get(3), "fullDocumentBeforeChange"))
                    .isEqualTo(doc("{_id: 1, b: 3}"));
            assertThat(events.get(3).containsKey("fullDocument")).isFalse();
        }
    }

    @Test
    void imagesAreThereForAStreamThatResumesLater(TestDatabase db) {
        db.server().requires(6, 0, "pre- and post-images");
        db.run("{create: 'items', changeStreamPreAndPostImages: {enabled: true}}");
        List<BsonDocument> plain = changes(db, db.watch("items"));
        BsonDocument start = plain.getFirst().getDocument("_id");

        RawStream later = db.watch(images(db, "required", "required").resumeAfter(start));

        List<BsonDocument> events = db.drain(later);
        assertThat(field(events.get(0), "fullDocument")).isEqualTo(doc("{_id: 1, a: 2}"));
        assertThat(field(events.get(2), "fullDocumentBeforeChange"))
                .isEqualTo(doc("{_id: 1, b: 3}"));
    }

    @Test
    void withoutRecordingWhenAvailableIsNull(TestDatabase db) {
        db.server().requires(6, 0, "pre- and post-images");
        RawStream stream = db.watch(images(db, "whenAvailable", "whenAvailable"));

        List<BsonDocument> events = changes(db, stream);

        assertThat(field(events.get(1), "fullDocument")).isEqualTo(BsonNull.VALUE);
        assertThat(field(events.get(1), "fullDocumentBeforeChange")).isEqualTo(BsonNull.VALUE);
        assertThat(field(events.get(2), "fullDocument")).isEqualTo(doc("{_id: 1, b: 3}"));
        assertThat(field(events.get(2), "fullDocumentBeforeChange")).isEqualTo(BsonNull.VALUE);
        assertThat(field(events.get(3), "fullDocumentBeforeChange")).isEqualTo(BsonNull.VALUE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"fullDocument", "fullDocumentBeforeChange"})
    void withoutRecordingRequiredEndsTheStream(String option, TestDatabase db) {
        db.server().requires(6, 0, "pre- and post-images");
        RawStream stream = db.watch(db.stream("items").with(option, new BsonString("required")));
        db.insert("items", "{_id: 1}");
        assertThat(stream.next().getString("operationType").getValue()).isEqualTo("insert");
        db.update("items", "{_id: 1}", "{$set: {a: 2}}");

        MongoCommandException failed =
                catchThrowableOfType(MongoCommandException.class, () -> db.drain(stream));

        assertThat(failed).isNotNull();
        assertThat(failed.getErrorCode()).isEqualTo(47);
        assertThat(failed.getErrorCodeName()).isEqualTo("NoMatchingDocument");
    }

    @Test
    @DisplayName("collMod, changeStreamPreAndPostImages: recording starts when it is turned on")
    void recordingCanBeTurnedOnLater(TestDatabase db) {
        db.server().requires(6, 0, "pre- and post-images");
        db.insert("items", "{_id: 1, a: 1}");
        db.run("{collMod: 'items', changeStreamPreAndPostImages: {enabled: true}}");
        RawStream stream = db.watch(images(db, "required", "required"));

        db.update("items", "{_id: 1}", "{$set: {a: 2}}");

        BsonDocument event = stream.next();
        assertThat(field(event, "fullDocumentBeforeChange")).isEqualTo(doc("{_id: 1, a: 1}"));
        assertThat(field(event, "fullDocument")).isEqualTo(doc("{_id: 1, a: 2}"));
        BsonDocument options =
                db.run("{listCollections: 1}")
                        .getDocument("cursor")
                        .getArray("firstBatch")
                        .getFirst()
                        .asDocument()
                        .getDocument("options");
        assertThat(field(options, "changeStreamPreAndPostImages"))
                .isEqualTo(doc("{enabled: true}"));
    }

    @Test
    void serversBeforeTheImagesRefuseTheirOptions(TestDatabase db) {
        Assumptions.assumeFalse(db.version().atLeast(4, 4), "later servers know the options");
        db.run("{create: 'items'}");
        assertThat(code(db, db.stream("items").fullDocument("required"))).isEqualTo(40575);
        assertThat(code(db, images(db, "default", "required"))).isEqualTo(40415);
    }

    private static int code(TestDatabase db, StreamSpec spec) {
        return catchThrowableOfType(MongoCommandException.class, () -> db.watch(spec))
                .getErrorCode();
    }
}
