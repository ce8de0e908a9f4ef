package dev.cdcpipeline.embedded.mongo.contract;

import static dev.cdcpipeline.embedded.mongo.contract.Bson.doc;

import static org.assertj.core.api.Assertions.assertThat;

import org.bson.BsonArray;
import org.bson.BsonDbPointer;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonJavaScriptWithScope;
import org.bson.BsonString;
import org.bson.BsonSymbol;
import org.bson.BsonUndefined;
import org.bson.BsonValue;
import org.bson.types.ObjectId;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What is stored is what was sent, to the byte, and so is what the event shows.
 *
 * <p>Rests on the MongoDB manual: "BSON Types" (deprecated types too); "Documents", sections "Field
 * Names" and "Document Limitations"; "Field Names with Periods and Dollar Signs"; "MongoDB Limits
 * and Thresholds", section "Nested Depth for BSON Documents".
 */
@ExtendWith(MongoContract.class)
@DisplayName("BSON Types; Documents, Field Names")
class StoredDocumentsTest {

    private static void checkRoundTrip(TestDatabase db, BsonDocument document) {
        RawStream stream = db.watch("items");
        db.collection("items").insertOne(document.clone());

        List<BsonDocument> found = db.collection("items").find().into(new ArrayList<>());
        BsonDocument event = stream.next();

        // toJson keeps the order of the fields and their types, equals does not know the order.
        String sent = document.toJson();
        assertThat(found).singleElement().extracting(BsonDocument::toJson).isEqualTo(sent);
        assertThat(event.getDocument("fullDocument").toJson()).isEqualTo(sent);
    }

    static Stream<BsonValue> deprecatedTypes() {
        return Stream.of(
                new BsonUndefined(),
                new BsonSymbol("a symbol"),
                new BsonDbPointer("db.items", new ObjectId("650000000000000000000001")),
                new BsonJavaScriptWithScope("function() {}", doc("{x: 1}")));
    }

    @ParameterizedTest
    @MethodSource("deprecatedTypes")
    void deprecatedTypesAreKept(BsonValue value, TestDatabase db) {
        checkRoundTrip(
                db,
                doc("{_id: 1}")
                        .append("v", value)
                        .append("in", new BsonArray(List.of(value)))
                        .append("n", new BsonDocument("v", value)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{_id: 1, '': 'empty name'}",
                "{_id: 1, 'a.b': 1, 'c.': 2, '.d': 3}",
                "{_id: 1, 'a.b': 1, a: {b: 2}}",
                "{_id: 1, 'näme ☃': 'wert'}",
                "{_id: 1, '0': 'zero', '00': 'more', '-1': 'less'}",
                "{_id: 1, z: 1, y: 2, x: {c: 1, b: 2, a: 3}}",
                "{_id: 1, arr: [[], [[]], {}, [{}], null]}",
                "{_id: 1, long: {$numberLong: '9007199254740993'}, d: 0.1}",
                "{_id: {b: 1, a: {d: 1, c: 2}}}"
            })
    void namesOrderAndShapeAreKept(String document, TestDatabase db) {
        checkRoundTrip(db, doc(document));
    }

    @Test
    void dollarSignsInNamesAreKept(TestDatabase db) {
        db.server().requires(5, 0, "field names that begin with a dollar sign");
        checkRoundTrip(
                db,
                new BsonDocument("_id", new BsonInt32(1))
                        .append("$price", new BsonInt32(5))
                        .append("in", new BsonDocument("$x", new BsonInt32(1))));
    }

    @Test
    @DisplayName("MongoDB Limits and Thresholds, Nested Depth for BSON Documents: 100 levels")
    void aHundredLevelsAreKept(TestDatabase db) {
        BsonValue nested = new BsonString("bottom");
        for (int level = 0; level < 97; level++) {
            nested =
                    level % 2 == 0 ? new BsonDocument("n", nested) : new BsonArray(List.of(nested));
        }
        checkRoundTrip(db, new BsonDocument("_id", new BsonInt32(1)).append("n", nested));
    }

    @Test
    @DisplayName("MongoDB Limits and Thresholds, Nested Depth: deeper than 180 is refused (15)")
    void aDocumentThatIsTooDeepIsRefused(TestDatabase db) {
        BsonDocument nested = doc("{}");
        for (int level = 0; level < 190; level++) {
            nested = new BsonDocument("n", nested);
        }
        BsonDocument reply =
                db.run(doc("{insert: 'items'}").append("documents", Shapes.array(nested)));
        assertThat(
                        reply.getArray("writeErrors")
                                .getFirst()
                                .asDocument()
                                .getInt32("code")
                                .getValue())
                .isEqualTo(15);
    }

    @Test
    void aWideDocumentIsKept(TestDatabase db) {
        BsonDocument wide = doc("{_id: 1}");
        for (int field = 0; field < 5_000; field++) {
            wide.append("f" + field, new BsonInt32(field));
        }
        checkRoundTrip(db, wide);
    }

    @Test
    void collectionsMayHaveAnyName(TestDatabase db) {
        for (String name : List.of("käse ☃", "a b", "a-b", "0", "a.b.c", "x".repeat(60))) {
            RawStream stream = db.watch(name);
            db.collection(name).insertOne(doc("{_id: 1}"));
            assertThat(db.shapesOf(stream)).containsExactly(db.shapes().insert(name, "{_id: 1}"));
        }
    }

    @Test
    @DisplayName("Field Names with Periods and Dollar Signs: a path is not a name")
    void anUpdateGoesByPathAndLeavesDottedNamesAlone(TestDatabase db) {
        db.collection("items").insertOne(doc("{_id: 1, 'a.b': 1, a: {b: 2}}"));
        RawStream stream = db.watch("items");
        db.update("items", "{_id: 1}", "{$set: {'a.b': 3}}");
        assertThat(db.shapesOf(stream))
                .containsExactly(db.shapes().update("items", "1", "{'a.b': 3}"));
        assertThat(db.collection("items").find())
                .containsExactly(doc("{_id: 1, 'a.b': 1, a: {b: 3}}"));
    }
}
