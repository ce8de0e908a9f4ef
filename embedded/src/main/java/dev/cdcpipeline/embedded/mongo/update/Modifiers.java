package dev.cdcpipeline.embedded.mongo.update;

import de.bwaldvogel.mongo.backend.Missing;
import de.bwaldvogel.mongo.backend.NumericUtils;
import de.bwaldvogel.mongo.bson.BsonTimestamp;
import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.exception.MongoServerError;

import dev.cdcpipeline.embedded.mongo.oplog.UpdateDescription;
import dev.cdcpipeline.embedded.mongo.storage.BsonOrder;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * An update made of modifiers ({@code $set}, {@code $inc}, {@code $push} ...).
 *
 * <p>See https://www.mongodb.com/docs/manual/reference/operator/update/. Modifications are applied
 * in the order of their paths, and one that leaves a value as it is, type included, is no change.
 */
final class Modifiers {

    private record Modification(String modifier, List<String> path, @Nullable Object argument) {}

    private final List<Modification> modifications = new ArrayList<>();
    private final ArrayPositions positions;
    private final boolean logsOutermostCreated;
    private final Instant now;

    Modifiers(
            Document update,
            List<Document> arrayFilters,
            boolean logsOutermostCreated,
            Instant now) {
        this.positions = new ArrayPositions(arrayFilters);
        this.logsOutermostCreated = logsOutermostCreated;
        this.now = now;
        update.forEach(this::parse);
        modifications.sort(Comparator.comparing(Modification::path, Paths.ORDER));
        checkConflicts();
    }

    private void parse(String modifier, @Nullable Object fields) {
        if (!ArrayModifiers.NAMES.contains(modifier) && !isFieldModifier(modifier)) {
            throw new MongoServerError(
                    9,
                    "FailedToParse",
                    "Unknown modifier: "
                            + modifier
                            + ". Expected a valid update modifier or pipeline-style update"
                            + " specified as an array");
        }
        if (!(fields instanceof Document document)) {
            throw new MongoServerError(
                    9,
                    "FailedToParse",
                    "Modifiers operate on fields but we found another type in " + modifier);
        }
        for (Map.Entry<String, Object> field : document.entrySet()) {
            modifications.add(
                    new Modification(modifier, Paths.split(field.getKey()), field.getValue()));
        }
    }

    private static boolean isFieldModifier(String modifier) {
        return switch (modifier) {
            case "$set",
                    "$setOnInsert",
                    "$unset",
                    "$rename",
                    "$inc",
                    "$mul",
                    "$min",
                    "$max",
                    "$currentDate",
                    "$bit" ->
                    true;
            default -> false;
        };
    }

    private void checkConflicts() {
        for (int i = 1; i < modifications.size(); i++) {
            List<String> previous = modifications.get(i - 1).path();
            List<String> path = modifications.get(i).path();
            if (path.size() >= previous.size()
                    && path.subList(0, previous.size()).equals(previous)) {
                throw new MongoServerError(
                        40,
                        "ConflictingUpdateOperators",
                        "Updating the path '%s' would create a conflict at '%s'"
                                .formatted(Paths.join(path), Paths.join(previous)));
            }
        }
    }

    /**
     * Applies the modifications to a document that may be changed.
     *
     * @param matched the index of the array element that the query matched
     * @param inserting whether the document is about to be inserted by an upsert
     * @return what changed
     */
    UpdateDescription apply(Document document, @Nullable Integer matched, boolean inserting) {
        UpdateLog log = new UpdateLog(logsOutermostCreated);
        for (Modification modification : modifications) {
            if (modification.modifier().equals("$setOnInsert") && !inserting) {
                continue;
            }
            List<List<String>> paths = positions.resolve(document, modification.path(), matched);
            UpdateLog elements = paths.size() > 1 ? log.fresh() : log;
            paths.forEach(path -> modify(document, modification, path, elements));
            if (paths.size() > 1) {
                log.addElements(elements);
            }
        }
        return log.describe(document);
    }

    private void modify(
            Document document, Modification modification, List<String> path, UpdateLog log) {
        Object argument = modification.argument();
        Object old = Paths.get(document, path);
        switch (modification.modifier()) {
            case "$set", "$setOnInsert" -> set(document, path, argument, log);
            case "$unset" -> unset(document, path, log);
            case "$rename" -> rename(document, path, Paths.split(String.valueOf(argument)), log);
            case "$inc" -> set(document, path, increased(path, old, argument), log);
            case "$mul" -> set(document, path, multiplied(path, old, argument), log);
            case "$min" ->
                    setIf(
                            BsonOrder.INSTANCE.compare(argument, old) < 0,
                            document,
                            path,
                            argument,
                            log);
            case "$max" ->
                    setIf(
                            BsonOrder.INSTANCE.compare(argument, old) > 0,
                            document,
                            path,
                            argument,
                            log);
            case "$currentDate" -> set(document, path, currentDate(argument), log);
            case "$bit" ->
                    set(
                            document,
                            path,
                            bits(
                                    old,
                                    argument instanceof Document operations
                                            ? operations
                                            : new Document()),
                            log);
            default ->
                    ArrayModifiers.modify(document, modification.modifier(), path, argument, log);
        }
    }

    private static void setIf(
            boolean condition,
            Document document,
            List<String> path,
            @Nullable Object value,
            UpdateLog log) {
        if (condition || Paths.get(document, path) instanceof Missing) {
            set(document, path, value, log);
        }
    }

    static void set(Document document, List<String> path, @Nullable Object value, UpdateLog log) {
        Object old = Paths.get(document, path);
        if (!(old instanceof Missing) && BsonOrder.identical(old, value)) {
            return;
        }
        int existing = Paths.existing(document, path);
        Paths.set(document, path, value);
        log.set(path, existing);
    }

    private static void unset(Document document, List<String> path, UpdateLog log) {
        if (Paths.get(document, path) instanceof Missing) {
            return;
        }
        if (Paths.endsInArray(document, path)) {
            set(document, path, null, log);
        } else {
            Paths.remove(document, path);
            log.removed(path);
        }
    }

    private static void rename(
            Document document, List<String> path, List<String> to, UpdateLog log) {
        Object value = Paths.get(document, path);
        if (!(value instanceof Missing)) {
            set(document, to, value, log);
            Paths.remove(document, path);
            log.removed(path);
        }
    }

    private static Number increased(List<String> path, @Nullable Object old, @Nullable Object by) {
        Number increment = number("increment with", path, by);
        return old instanceof Missing
                ? increment
                : NumericUtils.addNumbers(number("apply $inc to", path, old), increment);
    }

    private static Number multiplied(List<String> path, @Nullable Object old, @Nullable Object by) {
        Number factor = number("multiply with", path, by);
        Number base =
                old instanceof Missing ? Integer.valueOf(0) : number("apply $mul to", path, old);
        return NumericUtils.multiplyNumbers(base, factor);
    }

    private static Number number(String action, List<String> path, @Nullable Object value) {
        if (value instanceof Number number) {
            return number;
        }
        throw new MongoServerError(
                14,
                "TypeMismatch",
                "Cannot "
                        + action
                        + " a value of non-numeric type in field '"
                        + Paths.join(path)
                        + "'");
    }

    private Object currentDate(@Nullable Object argument) {
        boolean timestamp =
                argument instanceof Document type && "timestamp".equals(type.get("$type"));
        return timestamp ? new BsonTimestamp(now, 1) : now;
    }

    private static Number bits(@Nullable Object old, Document operations) {
        Number result = old instanceof Number number ? number : Integer.valueOf(0);
        for (Map.Entry<String, Object> operation : operations.entrySet()) {
            Number operand = (Number) operation.getValue();
            long bits =
                    switch (operation.getKey()) {
                        case "and" -> result.longValue() & operand.longValue();
                        case "or" -> result.longValue() | operand.longValue();
                        case "xor" -> result.longValue() ^ operand.longValue();
                        default ->
                                throw new MongoServerError(
                                        2,
                                        "BadValue",
                                        "The $bit modifier only supports 'and', 'or', and 'xor'");
                    };
            boolean wide = result instanceof Long || operand instanceof Long;
            result = wide ? (Number) bits : (Number) (int) bits;
        }
        return result;
    }
}
