package dev.cdcpipeline.embedded.mongo.pipeline;

import de.bwaldvogel.mongo.backend.Missing;
import de.bwaldvogel.mongo.bson.Document;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Dotted paths as aggregation stages read them: through arrays to every element. */
final class FieldPaths {

    private FieldPaths() {}

    static void set(Document document, String path, @Nullable Object value) {
        int dot = path.indexOf('.');
        if (dot < 0) {
            document.put(path, value);
            return;
        }
        String first = path.substring(0, dot);
        String rest = path.substring(dot + 1);
        if (document.get(first) instanceof Collection<?> array) {
            List<@Nullable Object> elements = new ArrayList<>();
            for (Object element : array) {
                Document changed = element instanceof Document existing ? existing : new Document();
                set(changed, rest, value);
                elements.add(changed);
            }
            document.put(first, elements);
        } else {
            Document child =
                    document.get(first) instanceof Document existing ? existing : new Document();
            set(child, rest, value);
            document.put(first, child);
        }
    }

    static void remove(Document document, String path) {
        int dot = path.indexOf('.');
        if (dot < 0) {
            document.remove(path);
            return;
        }
        String rest = path.substring(dot + 1);
        Object child = document.get(path.substring(0, dot));
        if (child instanceof Document nested) {
            remove(nested, rest);
        } else if (child instanceof Collection<?> array) {
            for (Object element : array) {
                if (element instanceof Document nested) {
                    remove(nested, rest);
                }
            }
        }
    }

    /** Copies what is at the path, keeping the structure around it. */
    static void copy(Document from, Document to, String path) {
        int dot = path.indexOf('.');
        String first = dot < 0 ? path : path.substring(0, dot);
        Object value = from.getOrMissing(first);
        if (value instanceof Missing) {
            return;
        }
        if (dot < 0) {
            to.put(first, value);
        } else {
            Object included = included(value, to.get(first), path.substring(dot + 1));
            if (!(included instanceof Missing)) {
                to.put(first, included);
            }
        }
    }

    private static @Nullable Object included(
            @Nullable Object value, @Nullable Object already, String rest) {
        if (value instanceof Document nested) {
            Document result = already instanceof Document existing ? existing : new Document();
            copy(nested, result, rest);
            return result;
        }
        if (!(value instanceof List<?> array)) {
            return Missing.getInstance();
        }
        List<?> results = already instanceof List<?> existing ? existing : List.of();
        List<@Nullable Object> elements = new ArrayList<>();
        int next = 0;
        for (Object element : array) {
            if (element instanceof Document || element instanceof List<?>) {
                elements.add(
                        included(element, next < results.size() ? results.get(next) : null, rest));
                next++;
            }
        }
        return elements;
    }
}
