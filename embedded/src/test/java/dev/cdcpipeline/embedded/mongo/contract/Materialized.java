package dev.cdcpipeline.embedded.mongo.contract;

import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonNull;
import org.bson.BsonValue;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** A collection made from its change events alone, as any reader of a stream would make it. */
final class Materialized {

    private final Map<BsonValue, BsonDocument> documents = new LinkedHashMap<>();

    /** Applies events in order; fails for one that does not fit the documents before it. */
    Materialized apply(List<BsonDocument> events) {
        events.forEach(this::apply);
        return this;
    }

    /** The documents by their {@code _id}. */
    Map<BsonValue, BsonDocument> documents() {
        return documents;
    }

    static Map<BsonValue, BsonDocument> byId(Iterable<BsonDocument> found) {
        Map<BsonValue, BsonDocument> byId = new LinkedHashMap<>();
        found.forEach(document -> byId.put(id(document), document));
        return byId;
    }

    private static BsonValue id(BsonDocument document) {
        return Objects.requireNonNull(document.get("_id"));
    }

    private void apply(BsonDocument event) {
        BsonValue id = id(event.getDocument("documentKey"));
        boolean known = documents.containsKey(id);
        String type = event.getString("operationType").getValue();
        if (known == type.equals("insert")) {
            throw new AssertionError("an event that does not fit: " + event);
        }
        switch (type) {
            case "insert", "replace" -> documents.put(id, event.getDocument("fullDocument"));
            case "delete" -> documents.remove(id);
            case "update" ->
                    documents.put(
                            id,
                            updated(
                                    Objects.requireNonNull(documents.get(id)),
                                    event.getDocument("updateDescription")));
            default -> throw new AssertionError("an event of another kind: " + event);
        }
    }

    private static BsonDocument updated(BsonDocument before, BsonDocument description) {
        BsonDocument document = before.clone();
        for (BsonValue truncated : description.getArray("truncatedArrays", new BsonArray())) {
            String field = truncated.asDocument().getString("field").getValue();
            int size = truncated.asDocument().getInt32("newSize").getValue();
            BsonArray array = get(document, path(field)).asArray();
            array.subList(size, array.size()).clear();
        }
        description
                .getArray("removedFields")
                .forEach(field -> remove(document, path(field.asString().getValue())));
        description
                .getDocument("updatedFields")
                .forEach((field, value) -> put(document, path(field), value));
        return document;
    }

    private static List<String> path(String field) {
        return List.of(field.split("\\."));
    }

    private static BsonValue get(BsonValue node, List<String> path) {
        BsonValue current = node;
        for (String part : path) {
            current =
                    current.isArray()
                            ? current.asArray().get(Integer.parseInt(part))
                            : Objects.requireNonNull(current.asDocument().get(part));
        }
        return current;
    }

    private static void remove(BsonDocument document, List<String> path) {
        get(document, path.subList(0, path.size() - 1)).asDocument().remove(path.getLast());
    }

    private static void put(BsonDocument document, List<String> path, BsonValue value) {
        BsonValue node = document;
        for (String part : path.subList(0, path.size() - 1)) {
            if (node.isDocument()) {
                node.asDocument().putIfAbsent(part, new BsonDocument());
            }
            node = get(node, List.of(part));
        }
        if (node.isArray()) {
            int index = Integer.parseInt(path.getLast());
            List<BsonValue> array = node.asArray();
            List<BsonValue> missing = new ArrayList<>();
            for (int i = array.size(); i <= index; i++) {
                missing.add(BsonNull.VALUE);
            }
            array.addAll(missing);
            array.set(index, value);
        } else {
            node.asDocument().put(path.getLast(), value);
        }
    }
}
