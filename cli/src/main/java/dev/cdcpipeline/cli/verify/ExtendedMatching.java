package dev.cdcpipeline.cli.verify;

import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonDouble;
import org.bson.BsonJavaScriptWithScope;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.jspecify.annotations.Nullable;

import java.util.Map;
import java.util.TreeSet;

/**
 * Whether a {@code jsonb} value in Extended JSON says what a document says, each value by its type
 * too.
 *
 * <p>The row is read back to BSON by code that has nothing in common with the renderer, so that an
 * error there cannot hide. The order of names means nothing, and a negative zero is a zero: {@code
 * jsonb} keeps neither.
 */
final class ExtendedMatching {

    private ExtendedMatching() {}

    /** The first place at which the row does not say what the document says; null when it does. */
    static @Nullable Mismatch mismatch(BsonDocument document, String row) {
        BsonValue found;
        try {
            found = ExtendedReader.value(JsonParser.parse(row));
        } catch (RuntimeException noExtendedJson) {
            return Mismatch.of("", document, "what is not Extended JSON: " + row);
        }
        return mismatch("", (BsonValue) document, found);
    }

    private static @Nullable Mismatch mismatch(String path, BsonValue expected, BsonValue found) {
        if (expected.getBsonType() != found.getBsonType()) {
            return Mismatch.of(path, expected, found);
        }
        return switch (expected) {
            case BsonDocument document -> mismatch(path, document, found.asDocument());
            case BsonArray array -> mismatch(path, array, found.asArray());
            case BsonJavaScriptWithScope code ->
                    mismatch(path, parts(code), parts(found.asJavaScriptWithScope()));
            case BsonDouble number when number.getValue() == found.asDouble().getValue() -> null;
            default -> expected.equals(found) ? null : Mismatch.of(path, expected, found);
        };
    }

    private static BsonDocument parts(BsonJavaScriptWithScope value) {
        return new BsonDocument("$code", new BsonString(value.getCode()))
                .append("$scope", value.getScope());
    }

    private static @Nullable Mismatch mismatch(
            String path, BsonDocument expected, BsonDocument found) {
        for (Map.Entry<String, BsonValue> field : expected.entrySet()) {
            String fieldPath = path.isEmpty() ? field.getKey() : path + "." + field.getKey();
            BsonValue member = found.get(field.getKey());
            if (member == null) {
                return Mismatch.of(fieldPath, field.getValue(), "no such field");
            }
            Mismatch mismatch = mismatch(fieldPath, field.getValue(), member);
            if (mismatch != null) {
                return mismatch;
            }
        }
        if (found.size() != expected.size()) {
            var surplus = new TreeSet<>(found.keySet());
            surplus.removeAll(expected.keySet());
            return Mismatch.of(path, "no such fields", surplus);
        }
        return null;
    }

    private static @Nullable Mismatch mismatch(String path, BsonArray expected, BsonArray found) {
        if (expected.size() != found.size()) {
            return Mismatch.of(path, expected, found);
        }
        for (int i = 0; i < expected.size(); i++) {
            Mismatch mismatch = mismatch(path + "[" + i + "]", expected.get(i), found.get(i));
            if (mismatch != null) {
                return mismatch;
            }
        }
        return null;
    }
}
