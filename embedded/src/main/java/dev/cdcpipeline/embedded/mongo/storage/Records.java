package dev.cdcpipeline.embedded.mongo.storage;

import de.bwaldvogel.mongo.bson.Document;

import dev.cdcpipeline.embedded.mongo.storage.ReplicatedCollection.Found;
import dev.cdcpipeline.embedded.mongo.wire.Fields;

import org.jspecify.annotations.Nullable;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A collection's documents in natural order, and by {@code _id}. Not thread-safe. */
final class Records {

    private final TreeMap<Integer, Document> byPosition = new TreeMap<>();
    private final IdIndex idIndex = new IdIndex();
    private int nextPosition;

    IdIndex idIndex() {
        return idIndex;
    }

    /**
     * Stores a new document and returns its position. The index is told separately, with the other
     * indexes.
     */
    int add(Document document) {
        int position = nextPosition++;
        byPosition.put(position, document);
        return position;
    }

    void replace(int position, Document document) {
        byPosition.put(position, document);
    }

    void remove(int position) {
        byPosition.remove(position);
    }

    void copyFrom(Records source) {
        byPosition.putAll(source.byPosition);
        idIndex.positions().putAll(source.idIndex.positions());
        nextPosition = source.nextPosition;
    }

    int size() {
        return byPosition.size();
    }

    Collection<Document> documents() {
        return byPosition.values();
    }

    Stream<Map.Entry<Integer, Document>> entries() {
        return byPosition.entrySet().stream();
    }

    Document at(int position) {
        Document document = byPosition.get(position);
        if (document == null) {
            throw new IllegalStateException("No record at position " + position);
        }
        return document;
    }

    @Nullable Found byId(@Nullable Object id) {
        Integer position = idIndex.positions().get(id);
        return position == null ? null : new Found(position, at(position));
    }

    /** What a filter leaves to look at, by means of the {@code _id} index. */
    IdRange range(Document filter) {
        return IdRange.of(idIndex.positions(), filter);
    }

    /** The records of a range, in {@code _id} order where that is the order asked for. */
    Stream<Found> in(IdRange range, @Nullable Document sort) {
        return positions(range, sort).map(position -> new Found(position, at(position)));
    }

    private Stream<Integer> positions(IdRange range, @Nullable Document sort) {
        if (sort != null && sortsById(sort)) {
            NavigableMap<@Nullable Object, Integer> byId = range.positions();
            return (isDescending(sort, "_id") ? byId.descendingMap() : byId).values().stream();
        }
        if (range.narrowed()) {
            return range.positions().values().stream();
        }
        boolean backwards =
                sort != null && sort.containsKey("$natural") && isDescending(sort, "$natural");
        return (backwards ? byPosition.descendingMap() : byPosition).keySet().stream();
    }

    private static boolean isDescending(Document sort, String field) {
        return Fields.number(sort, field).intValue() < 0;
    }

    /** Whether the {@code _id} index gives this order; nothing after a unique field matters. */
    static boolean sortsById(@Nullable Document sort) {
        return sort != null && !sort.isEmpty() && sort.keySet().iterator().next().equals("_id");
    }

    /** The documents whose {@code _id} is in {@code [min, max)}, whatever their types, in order. */
    List<Document> between(@Nullable Document min, @Nullable Document max) {
        NavigableMap<@Nullable Object, Integer> range = idIndex.positions();
        if (min != null) {
            range = range.tailMap(min.get("_id"), true);
        }
        if (max != null) {
            range = range.headMap(max.get("_id"), false);
        }
        return range.values().stream().map(this::at).toList();
    }
}
