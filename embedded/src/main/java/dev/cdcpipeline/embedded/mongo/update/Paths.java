package dev.cdcpipeline.embedded.mongo.update;

import de.bwaldvogel.mongo.backend.Missing;
import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.exception.MongoServerError;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Reads and writes documents by dotted path, whose numbers index arrays. */
final class Paths {

    /**
     * In the order in which the server applies modifications: field by field, numbers as numbers.
     */
    static final Comparator<List<String>> ORDER = Paths::compare;

    private Paths() {}

    static List<String> split(String path) {
        if (path.isEmpty()) {
            throw new MongoServerError(56, "EmptyFieldName", "An empty update path is not valid.");
        }
        List<String> parts = List.of(path.split("\\.", -1));
        if (parts.contains("")) {
            throw new MongoServerError(
                    56,
                    "EmptyFieldName",
                    "The update path '"
                            + path
                            + "' contains an empty field name, which is not allowed.");
        }
        return parts;
    }

    static String join(List<String> path) {
        return String.join(".", path);
    }

    private static int compare(List<String> left, List<String> right) {
        for (int i = 0; i < Math.min(left.size(), right.size()); i++) {
            String a = left.get(i);
            String b = right.get(i);
            int result =
                    isIndex(a) && isIndex(b)
                            ? Long.compare(Long.parseLong(a), Long.parseLong(b))
                            : a.compareTo(b);
            if (result != 0) {
                return result;
            }
        }
        return Integer.compare(left.size(), right.size());
    }

    static boolean isIndex(String part) {
        return !part.isEmpty()
                && part.length() < 10
                && part.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    /** The value at the path, or {@link Missing}. */
    static @Nullable Object get(Document document, List<String> path) {
        Object value = document;
        for (String part : path) {
            value = child(value, part);
        }
        return value;
    }

    private static @Nullable Object child(@Nullable Object parent, String part) {
        if (parent instanceof Document document) {
            return document.getOrMissing(part);
        }
        if (parent instanceof List<?> array && isIndex(part)) {
            int index = Integer.parseInt(part);
            return index < array.size() ? array.get(index) : Missing.getInstance();
        }
        return Missing.getInstance();
    }

    /** How many leading parts of the path exist. */
    static int existing(Document document, List<String> path) {
        Object value = document;
        for (int depth = 0; depth < path.size(); depth++) {
            value = child(value, path.get(depth));
            if (value instanceof Missing) {
                return depth;
            }
        }
        return path.size();
    }

    /** Sets the value, creating documents on the way. */
    static void set(Document document, List<String> path, @Nullable Object newValue) {
        Object parent = document;
        for (int depth = 0; depth < path.size() - 1; depth++) {
            Object child = child(parent, path.get(depth));
            if (child instanceof Missing) {
                child = new Document();
                put(parent, path, depth, child);
            }
            parent = child;
        }
        put(parent, path, path.size() - 1, newValue);
    }

    private static void put(
            @Nullable Object parent, List<String> path, int depth, @Nullable Object value) {
        String part = path.get(depth);
        if (parent instanceof Document document) {
            document.put(part, value);
        } else if (parent instanceof List<?> && isIndex(part)) {
            @SuppressWarnings("unchecked")
            List<@Nullable Object> array = (List<@Nullable Object>) parent;
            int index = Integer.parseInt(part);
            while (array.size() <= index) {
                array.add(null);
            }
            array.set(index, value);
        } else {
            throw notViable(path, depth, parent);
        }
    }

    private static MongoServerError notViable(
            List<String> path, int depth, @Nullable Object parent) {
        String name = depth == 0 ? "" : path.get(depth - 1);
        String element = new Document(name, parent).toString(true);
        return new MongoServerError(
                28,
                "PathNotViable",
                "Cannot create field '" + path.get(depth) + "' in element " + element);
    }

    /** Removes the value; in an array it leaves null. */
    static void remove(Document document, List<String> path) {
        Object parent = get(document, path.subList(0, path.size() - 1));
        String last = path.getLast();
        if (parent instanceof Document container) {
            container.remove(last);
        } else if (parent instanceof List<?> && isIndex(last)) {
            @SuppressWarnings("unchecked")
            List<@Nullable Object> array = (List<@Nullable Object>) parent;
            array.set(Integer.parseInt(last), null);
        }
    }

    /** Whether the path's last part is an element of an array. */
    static boolean endsInArray(Document document, List<String> path) {
        return get(document, path.subList(0, path.size() - 1)) instanceof List<?>;
    }

    /** Adds the path's parts when its text can be read in more than one way. */
    static void disambiguate(Document document, List<String> path, Document into) {
        List<Object> parts = new ArrayList<>();
        boolean ambiguous = false;
        Object parent = document;
        for (String part : path) {
            boolean element = parent instanceof List<?> && isIndex(part);
            ambiguous |= part.contains(".") || (isIndex(part) && !element);
            parts.add(element ? (Object) Integer.valueOf(part) : part);
            parent = child(parent, part);
        }
        if (ambiguous) {
            into.put(join(path), parts);
        }
    }
}
