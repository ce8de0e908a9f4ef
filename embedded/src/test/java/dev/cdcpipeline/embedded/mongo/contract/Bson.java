package dev.cdcpipeline.embedded.mongo.contract;

import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.bson.BsonValue;

import java.util.List;
import java.util.Objects;

/** Short ways to write BSON in a test. */
final class Bson {

    private Bson() {}

    /** Parses Extended JSON (shell style allowed), after {@link String#formatted(Object...)}. */
    @SuppressWarnings("AnnotateFormatMethod") // the annotation would need a library of its own
    static BsonDocument doc(String json, Object... arguments) {
        return BsonDocument.parse(arguments.length == 0 ? json : json.formatted(arguments));
    }

    /** The value that the JSON text stands for. */
    static BsonValue value(String json) {
        return Objects.requireNonNull(doc("{v: " + json + "}").get("v"));
    }

    /** A copy of the document without some of its top-level fields. */
    static BsonDocument without(BsonDocument document, String... fields) {
        BsonDocument copy = document.clone();
        List.of(fields).forEach(copy::remove);
        return copy;
    }

    static BsonArray strings(String... values) {
        BsonArray array = new BsonArray();
        for (String value : values) {
            array.add(new BsonString(value));
        }
        return array;
    }
}
