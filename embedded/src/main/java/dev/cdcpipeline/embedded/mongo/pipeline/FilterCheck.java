package dev.cdcpipeline.embedded.mongo.pipeline;

import de.bwaldvogel.mongo.bson.Document;

import dev.cdcpipeline.embedded.mongo.wire.CommandError;

import org.jspecify.annotations.Nullable;

import java.util.Collection;
import java.util.Map;
import java.util.Set;

/**
 * Refuses filters with operators that do not exist, whether or not there is a document to match.
 */
public final class FilterCheck {

    private static final Set<String> LOGICAL = Set.of("$and", "$or", "$nor");
    private static final Set<String> TOP_LEVEL =
            Set.of(
                    "$expr",
                    "$comment",
                    "$where",
                    "$text",
                    "$jsonSchema",
                    "$alwaysTrue",
                    "$alwaysFalse",
                    "$sampleRate",
                    "$ref",
                    "$id",
                    "$db");
    private static final Set<String> OPERATORS =
            Set.of(
                    "$eq",
                    "$ne",
                    "$gt",
                    "$gte",
                    "$lt",
                    "$lte",
                    "$in",
                    "$nin",
                    "$all",
                    "$exists",
                    "$type",
                    "$size",
                    "$mod",
                    "$regex",
                    "$options",
                    "$elemMatch",
                    "$not",
                    "$bitsAllClear",
                    "$bitsAllSet",
                    "$bitsAnyClear",
                    "$bitsAnySet",
                    "$near",
                    "$nearSphere",
                    "$geoWithin",
                    "$geoIntersects",
                    "$maxDistance",
                    "$minDistance",
                    "$comment",
                    "$ref",
                    "$id",
                    "$db",
                    "$and",
                    "$or",
                    "$nor",
                    "$expr");

    private FilterCheck() {}

    /**
     * Checks a filter.
     *
     * @throws CommandError with code BadValue (2)
     */
    public static void check(Document filter) {
        for (Map.Entry<String, Object> condition : filter.entrySet()) {
            String name = condition.getKey();
            if (LOGICAL.contains(name)) {
                checkClauses(condition.getValue());
            } else if (!name.startsWith("$")) {
                checkOperators(condition.getValue());
            } else if (!TOP_LEVEL.contains(name)) {
                throw new CommandError(2, "BadValue", "unknown top level operator: " + name);
            }
        }
    }

    private static void checkClauses(@Nullable Object clauses) {
        if (!(clauses instanceof Collection<?> filters) || filters.isEmpty()) {
            throw new CommandError(2, "BadValue", "$and/$or/$nor must be a nonempty array");
        }
        for (Object clause : filters) {
            if (!(clause instanceof Document filter)) {
                throw new CommandError(
                        2, "BadValue", "$or/$and/$nor entries need to be full objects");
            }
            check(filter);
        }
    }

    private static void checkOperators(@Nullable Object condition) {
        if (!(condition instanceof Document operators) || !Expressions.isOperator(operators)) {
            return;
        }
        for (String operator : operators.keySet()) {
            if (!OPERATORS.contains(operator)) {
                throw new CommandError(2, "BadValue", "unknown operator: " + operator);
            }
        }
    }
}
