package dev.cdcpipeline.embedded.mongo.wire;

import de.bwaldvogel.mongo.bson.Document;

import org.jspecify.annotations.Nullable;

import java.util.Collection;
import java.util.List;

/**
 * Reads the fields of a document that must be of one type; another type is the client's error
 * (TypeMismatch).
 */
public final class Fields {

    private Fields() {}

    public static Document document(Document owner, String name) {
        if (owner.get(name) instanceof Document document) {
            return document;
        }
        throw mismatch(name, "object");
    }

    public static Number number(Document owner, String name) {
        return number(owner.get(name), name);
    }

    public static Number number(@Nullable Object value, String name) {
        if (value instanceof Number number) {
            return number;
        }
        throw mismatch(name, "number");
    }

    public static String text(Document owner, String name) {
        if (owner.get(name) instanceof String text) {
            return text;
        }
        throw mismatch(name, "string");
    }

    public static List<?> array(@Nullable Object value, String name) {
        if (value instanceof List<?> array) {
            return array;
        }
        throw mismatch(name, "array");
    }

    /** The documents of an array; none when the field is missing. */
    public static List<Document> documents(Document owner, String name) {
        if (!(owner.get(name) instanceof Collection<?> values)) {
            return List.of();
        }
        return values.stream()
                .map(
                        value -> {
                            if (value instanceof Document document) {
                                return document;
                            }
                            throw mismatch(name, "array of objects");
                        })
                .toList();
    }

    private static CommandError mismatch(String name, String expected) {
        return new CommandError(
                14,
                "TypeMismatch",
                "BSON field '" + name + "' is the wrong type, expected type '" + expected + "'");
    }
}
