package dev.cdcpipeline.embedded.mongo.wire;

import de.bwaldvogel.mongo.bson.BinData;
import de.bwaldvogel.mongo.bson.BsonJavaScript;
import de.bwaldvogel.mongo.bson.BsonRegularExpression;
import de.bwaldvogel.mongo.bson.Decimal128;
import de.bwaldvogel.mongo.bson.LegacyUUID;
import de.bwaldvogel.mongo.bson.MaxKey;
import de.bwaldvogel.mongo.bson.MinKey;
import de.bwaldvogel.mongo.bson.ObjectId;

import org.jspecify.annotations.Nullable;

import java.util.Collection;
import java.util.Map;
import java.util.UUID;

/** How many bytes a document has as BSON, counted without writing it, and how deep it is. */
public final class BsonSize {

    private BsonSize() {}

    public static int of(Map<?, ?> document) {
        int size = 5;
        for (Map.Entry<?, ?> field : document.entrySet()) {
            size += 2 + utf8((String) field.getKey()) + of(field.getValue());
        }
        return size;
    }

    /** The bytes of a value, without its type and name. */
    public static int ofValue(@Nullable Object value) {
        return of(value);
    }

    /** The levels of documents and arrays in a value: 1 for a document of plain values. */
    public static int depthOf(@Nullable Object value) {
        Collection<?> inside =
                switch (value) {
                    case Map<?, ?> document -> document.values();
                    case Collection<?> array -> array;
                    case null, default -> null;
                };
        if (inside == null) {
            return 0;
        }
        int deepest = 0;
        for (Object each : inside) {
            deepest = Math.max(deepest, depthOf(each));
        }
        return deepest + 1;
    }

    private static int ofArray(Collection<?> array) {
        int size = 5;
        int index = 0;
        for (Object value : array) {
            size += 2 + digits(index++) + of(value);
        }
        return size;
    }

    private static int of(@Nullable Object value) {
        return switch (value) {
            case null -> 0;
            case String string -> 5 + utf8(string);
            case Integer _ -> 4;
            case Boolean _ -> 1;
            case Map<?, ?> document -> of(document);
            case Collection<?> array -> ofArray(array);
            case ObjectId _ -> 12;
            case Decimal128 _ -> 16;
            case BinData binary -> 5 + binary.getData().length;
            case Binary binary -> 5 + binary.data().length;
            case UUID _, LegacyUUID _ -> 21;
            case BsonRegularExpression regex ->
                    2
                            + utf8(regex.getPattern())
                            + (regex.getOptions() == null ? 0 : utf8(regex.getOptions()));
            case BsonJavaScript code -> 5 + utf8(code.getCode());
            case Symbol symbol -> 5 + utf8(symbol.name());
            case CodeWithScope code -> 9 + utf8(code.code()) + of(code.scope());
            case DbPointer pointer -> 17 + utf8(pointer.namespace());
            case MinKey _, MaxKey _, Undefined _ -> 0;
            default -> 8;
        };
    }

    private static int digits(int index) {
        int digits = 1;
        for (int rest = index; rest >= 10; rest /= 10) {
            digits++;
        }
        return digits;
    }

    /** The bytes of a text, without the end. */
    public static int utf8(String text) {
        int size = text.length();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= 0x80) {
                // A surrogate pair has 4 bytes: 2 for each of its chars.
                size += c < 0x800 || Character.isSurrogate(c) ? 1 : 2;
            }
        }
        return size;
    }
}
