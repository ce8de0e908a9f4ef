package dev.cdcpipeline.embedded.mongo.update;

import de.bwaldvogel.mongo.backend.DefaultQueryMatcher;
import de.bwaldvogel.mongo.backend.DocumentComparator;
import de.bwaldvogel.mongo.backend.Missing;
import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.exception.MongoServerError;

import dev.cdcpipeline.embedded.mongo.storage.BsonOrder;
import dev.cdcpipeline.embedded.mongo.wire.Fields;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/**
 * The modifiers of arrays. Appending logs the new elements; everything else logs the whole array,
 * as the server does.
 *
 * <p>See https://www.mongodb.com/docs/manual/reference/operator/update-array/.
 */
final class ArrayModifiers {

    static final Set<String> NAMES = Set.of("$push", "$addToSet", "$pull", "$pullAll", "$pop");

    private ArrayModifiers() {}

    static void modify(
            Document document,
            String modifier,
            List<String> path,
            @Nullable Object argument,
            UpdateLog log) {
        Object old = Paths.get(document, path);
        boolean missing = old instanceof Missing;
        if (missing && !modifier.equals("$push") && !modifier.equals("$addToSet")) {
            return;
        }
        if (!missing && !(old instanceof List<?>)) {
            throw notAnArray(modifier, path);
        }
        List<@Nullable Object> array =
                missing ? List.of() : copy(Fields.array(old, Paths.join(path)));
        switch (modifier) {
            case "$push" -> push(document, path, array, missing, argument, log);
            case "$addToSet" -> Modifiers.set(document, path, withAll(array, each(argument)), log);
            case "$pull" -> Modifiers.set(document, path, without(array, argument), log);
            case "$pullAll" ->
                    Modifiers.set(
                            document,
                            path,
                            withoutAll(array, Fields.array(argument, modifier)),
                            log);
            default ->
                    Modifiers.set(
                            document, path, popped(array, Fields.number(argument, modifier)), log);
        }
    }

    private static MongoServerError notAnArray(String modifier, List<String> path) {
        return new MongoServerError(
                2,
                "BadValue",
                "The field '" + Paths.join(path) + "' must be an array for " + modifier);
    }

    private static List<@Nullable Object> copy(List<?> array) {
        return new ArrayList<>(array);
    }

    private static List<?> each(@Nullable Object argument) {
        if (argument instanceof Document clauses && clauses.containsKey("$each")) {
            if (clauses.get("$each") instanceof List<?> values) {
                return values;
            }
            throw new MongoServerError(2, "BadValue", "The argument to $each must be an array");
        }
        List<@Nullable Object> single = new ArrayList<>();
        single.add(argument);
        return single;
    }

    private static void push(
            Document document,
            List<String> path,
            List<@Nullable Object> array,
            boolean missing,
            @Nullable Object argument,
            UpdateLog log) {
        List<?> values = each(argument);
        Document clauses =
                argument instanceof Document given && given.containsKey("$each")
                        ? given
                        : new Document();
        boolean appends =
                !array.isEmpty()
                        && !clauses.containsKey("$slice")
                        && !clauses.containsKey("$sort")
                        && !clauses.containsKey("$position");
        if (appends) {
            append(document, path, array.size(), values, log);
            return;
        }
        List<@Nullable Object> pushed = new ArrayList<>(array);
        pushed.addAll(position(clauses, array.size()), values);
        sort(pushed, clauses);
        List<@Nullable Object> result = sliced(pushed, clauses);
        if (values.isEmpty() && !missing) {
            Modifiers.set(document, path, result, log);
        } else {
            // What pushes a value counts as a change, even where a slice takes it away again.
            int existing = Paths.existing(document, path);
            Paths.set(document, path, result);
            log.set(path, existing);
        }
    }

    private static void append(
            Document document, List<String> path, int size, List<?> values, UpdateLog log) {
        for (int i = 0; i < values.size(); i++) {
            List<String> element = new ArrayList<>(path);
            element.add(Integer.toString(size + i));
            Paths.set(document, element, values.get(i));
            log.set(element, element.size());
        }
    }

    private static int position(Document clauses, int size) {
        if (!(clauses.get("$position") instanceof Number number)) {
            return size;
        }
        int position = number.intValue();
        return position < 0 ? Math.max(0, size + position) : Math.min(position, size);
    }

    private static void sort(List<@Nullable Object> array, Document clauses) {
        Object sort = clauses.get("$sort");
        if (sort instanceof Number direction) {
            Comparator<@Nullable Object> order = BsonOrder.INSTANCE;
            array.sort(direction.intValue() < 0 ? order.reversed() : order);
        } else if (sort instanceof Document fields) {
            DocumentComparator order = new DocumentComparator(fields);
            array.sort(
                    (a, b) ->
                            order.compare(
                                    a instanceof Document left ? left : new Document(),
                                    b instanceof Document right ? right : new Document()));
        }
    }

    private static List<@Nullable Object> sliced(List<@Nullable Object> array, Document clauses) {
        if (!(clauses.get("$slice") instanceof Number slice)) {
            return array;
        }
        int size = slice.intValue();
        return new ArrayList<>(
                size < 0
                        ? array.subList(Math.max(0, array.size() + size), array.size())
                        : array.subList(0, Math.min(size, array.size())));
    }

    private static List<@Nullable Object> withAll(List<@Nullable Object> array, List<?> values) {
        List<@Nullable Object> result = new ArrayList<>(array);
        for (Object value : values) {
            if (!contains(result, value)) {
                result.add(value);
            }
        }
        return result;
    }

    private static boolean contains(List<?> values, @Nullable Object wanted) {
        return values.stream().anyMatch(value -> BsonOrder.INSTANCE.compare(value, wanted) == 0);
    }

    private static List<@Nullable Object> without(
            List<@Nullable Object> array, @Nullable Object condition) {
        DefaultQueryMatcher matcher = new DefaultQueryMatcher();
        List<@Nullable Object> result = new ArrayList<>(array);
        result.removeIf(value -> matcher.matchesValue(condition, value));
        return result;
    }

    private static List<@Nullable Object> withoutAll(List<@Nullable Object> array, List<?> values) {
        List<@Nullable Object> result = new ArrayList<>(array);
        result.removeIf(value -> contains(values, value));
        return result;
    }

    private static List<@Nullable Object> popped(List<@Nullable Object> array, Number end) {
        if (array.isEmpty()) {
            return array;
        }
        return new ArrayList<>(
                end.intValue() < 0
                        ? array.subList(1, array.size())
                        : array.subList(0, array.size() - 1));
    }
}
