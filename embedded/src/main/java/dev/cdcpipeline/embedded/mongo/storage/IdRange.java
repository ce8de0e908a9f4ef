package dev.cdcpipeline.embedded.mongo.storage;

import de.bwaldvogel.mongo.bson.BsonRegularExpression;
import de.bwaldvogel.mongo.bson.Document;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

/**
 * What a filter asks of {@code _id}, read from the index in BSON order, and the rest of the filter.
 *
 * @param positions the records in question, by {@code _id}
 * @param rest the filter without what the index has answered
 * @param narrowed whether the index answered anything
 */
record IdRange(NavigableMap<@Nullable Object, Integer> positions, Document rest, boolean narrowed) {

    private static final Set<String> ANSWERED = Set.of("$eq", "$in", "$gt", "$gte", "$lt", "$lte");

    static IdRange of(NavigableMap<@Nullable Object, Integer> all, Document filter) {
        IdRange range = new IdRange(all, filter, false);
        if (filter.containsKey("_id")) {
            Document rest = filter.clone();
            rest.remove("_id");
            range = range.answer(filter.get("_id"), rest);
        }
        if (range.rest.size() == 1 && range.rest.get("$and") instanceof Collection<?> clauses) {
            return range.answerAll(clauses);
        }
        return range;
    }

    private IdRange answerAll(Collection<?> clauses) {
        IdRange range = this;
        List<Document> left = new ArrayList<>();
        for (Object clause : clauses) {
            if (clause instanceof Document document
                    && document.size() == 1
                    && document.containsKey("_id")) {
                range = range.answer(document.get("_id"), new Document());
                if (!range.rest.isEmpty()) {
                    left.add(range.rest);
                }
            } else if (clause instanceof Document document) {
                left.add(document);
            } else {
                return this;
            }
        }
        Document rest = left.isEmpty() ? new Document() : new Document("$and", left);
        return new IdRange(range.positions, rest, range.narrowed);
    }

    private IdRange answer(@Nullable Object condition, Document others) {
        if (!(condition instanceof Document document) || !hasOperators(document)) {
            return condition instanceof BsonRegularExpression
                    ? leave(condition, others)
                    : new IdRange(
                            exactly(List.of(new Document("v", condition)), "v"), others, true);
        }
        if (!ANSWERED.containsAll(document.keySet())) {
            return leave(condition, others);
        }
        IdRange range = new IdRange(positions, others, true);
        for (Map.Entry<String, Object> operator : document.entrySet()) {
            range = new IdRange(range.narrow(operator.getKey(), operator.getValue()), others, true);
        }
        return range;
    }

    private IdRange leave(@Nullable Object condition, Document others) {
        Document rest = new Document("_id", condition);
        rest.putAll(others);
        return new IdRange(positions, rest, narrowed);
    }

    private static boolean hasOperators(Document condition) {
        return !condition.isEmpty() && condition.keySet().iterator().next().startsWith("$");
    }

    private NavigableMap<@Nullable Object, Integer> narrow(
            String operator, @Nullable Object value) {
        return switch (operator) {
            case "$eq" -> exactly(List.of(new Document("v", value)), "v");
            case "$in" -> in((Collection<?>) java.util.Objects.requireNonNull(value));
            case "$gt" -> bracketed(above(value, false), value);
            case "$gte" -> bracketed(above(value, true), value);
            case "$lt" -> bracketed(below(value, false), value);
            default -> bracketed(below(value, true), value);
        };
    }

    private NavigableMap<@Nullable Object, Integer> above(
            @Nullable Object value, boolean inclusive) {
        return positions.tailMap(value, inclusive);
    }

    private NavigableMap<@Nullable Object, Integer> below(
            @Nullable Object value, boolean inclusive) {
        return positions.headMap(value, inclusive);
    }

    /**
     * A comparison matches only values of the compared value's own type, except for MinKey and
     * MaxKey.
     */
    private static NavigableMap<@Nullable Object, Integer> bracketed(
            NavigableMap<@Nullable Object, Integer> range, @Nullable Object value) {
        int rank = BsonOrder.typeRank(value);
        if (rank < 0 || rank == 127 || range.isEmpty()) {
            return range;
        }
        if (BsonOrder.typeRank(range.firstKey()) == rank
                && BsonOrder.typeRank(range.lastKey()) == rank) {
            return range;
        }
        NavigableMap<@Nullable Object, Integer> matching = new TreeMap<>(BsonOrder.INSTANCE);
        range.forEach(
                (id, position) -> {
                    if (BsonOrder.typeRank(id) == rank) {
                        matching.put(id, position);
                    }
                });
        return matching;
    }

    private NavigableMap<@Nullable Object, Integer> in(Collection<?> values) {
        List<Document> wrapped = new ArrayList<>();
        for (Object value : values) {
            wrapped.add(new Document("v", value));
        }
        return exactly(wrapped, "v");
    }

    private NavigableMap<@Nullable Object, Integer> exactly(List<Document> values, String field) {
        NavigableMap<@Nullable Object, Integer> found = new TreeMap<>(BsonOrder.INSTANCE);
        for (Document wrapped : values) {
            Object id = wrapped.get(field);
            Integer position = positions.get(id);
            if (position != null) {
                found.put(id, position);
            }
        }
        return found;
    }
}
