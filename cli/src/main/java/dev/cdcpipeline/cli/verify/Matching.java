package dev.cdcpipeline.cli.verify;

import org.bson.BsonArray;
import org.bson.BsonDbPointer;
import org.bson.BsonDocument;
import org.bson.BsonInt64;
import org.bson.BsonJavaScriptWithScope;
import org.bson.BsonObjectId;
import org.bson.BsonRegularExpression;
import org.bson.BsonString;
import org.bson.BsonTimestamp;
import org.bson.BsonValue;
import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Whether a {@code jsonb} value says what a BSON value says.
 *
 * <p>The rules are those of the reference page on BSON in PostgreSQL, written a second time from
 * the reader's side: nothing here renders JSON, so that an error of the renderer cannot hide.
 */
final class Matching {

    private Matching() {}

    /** The first place at which the row does not say what the document says; null when it does. */
    static @Nullable Mismatch mismatch(BsonDocument document, Json row) {
        return mismatch("", (BsonValue) document, row);
    }

    private static @Nullable Mismatch mismatch(String path, BsonValue value, Json json) {
        if (json instanceof Json.Members members && Wrapped.is(members)) {
            return Wrapped.says(value, members) ? null : Mismatch.of(path, value, json);
        }
        return switch (value.getBsonType()) {
            case DOCUMENT -> mismatch(path, value.asDocument(), json);
            case ARRAY -> mismatch(path, value.asArray(), json);
            case TIMESTAMP -> mismatch(path, parts(value.asTimestamp()), json);
            case REGULAR_EXPRESSION -> mismatch(path, parts(value.asRegularExpression()), json);
            case JAVASCRIPT_WITH_SCOPE ->
                    mismatch(path, parts(value.asJavaScriptWithScope()), json);
            case DB_POINTER -> mismatch(path, parts(value.asDBPointer()), json);
            default -> Scalars.says(value, json) ? null : Mismatch.of(path, value, json);
        };
    }

    private static BsonDocument parts(BsonTimestamp value) {
        return new BsonDocument("t", new BsonInt64(Integer.toUnsignedLong(value.getTime())))
                .append("i", new BsonInt64(Integer.toUnsignedLong(value.getInc())));
    }

    private static BsonDocument parts(BsonRegularExpression value) {
        return new BsonDocument("pattern", new BsonString(value.getPattern()))
                .append("options", new BsonString(value.getOptions()));
    }

    private static BsonDocument parts(BsonJavaScriptWithScope value) {
        return new BsonDocument("code", new BsonString(value.getCode()))
                .append("scope", value.getScope());
    }

    private static BsonDocument parts(BsonDbPointer value) {
        return new BsonDocument("ref", new BsonString(value.getNamespace()))
                .append("id", new BsonObjectId(value.getId()));
    }

    private static @Nullable Mismatch mismatch(String path, BsonDocument document, Json json) {
        if (!(json instanceof Json.Members(Map<String, Json> rest))) {
            return Mismatch.of(path, document, json);
        }
        for (Map.Entry<String, BsonValue> field : document.entrySet()) {
            String fieldPath = path.isEmpty() ? field.getKey() : path + "." + field.getKey();
            Json member = rest.get(field.getKey());
            if (member == null) {
                return Mismatch.of(fieldPath, field.getValue(), "no such field");
            }
            Mismatch mismatch = mismatch(fieldPath, field.getValue(), member);
            if (mismatch != null) {
                return mismatch;
            }
        }
        if (rest.size() != document.size()) {
            var surplus = new TreeSet<>(rest.keySet());
            surplus.removeAll(document.keySet());
            return Mismatch.of(path, "no such fields", surplus);
        }
        return null;
    }

    private static @Nullable Mismatch mismatch(String path, BsonArray array, Json json) {
        if (!(json instanceof Json.Elements(List<Json> elements))
                || elements.size() != array.size()) {
            return Mismatch.of(path, array, json);
        }
        for (int i = 0; i < array.size(); i++) {
            Mismatch mismatch = mismatch(path + "[" + i + "]", array.get(i), elements.get(i));
            if (mismatch != null) {
                return mismatch;
            }
        }
        return null;
    }
}
