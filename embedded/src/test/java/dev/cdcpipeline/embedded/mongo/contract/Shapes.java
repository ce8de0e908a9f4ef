package dev.cdcpipeline.embedded.mongo.contract;

import static dev.cdcpipeline.embedded.mongo.contract.Bson.doc;
import static dev.cdcpipeline.embedded.mongo.contract.Bson.value;

import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.bson.BsonValue;

import java.util.Comparator;
import java.util.List;

/**
 * Events without what differs from run to run (resume token, times, session): what a test compares.
 * Checks on the way that what it takes away was there and of the right type, by server version.
 */
final class Shapes {

    private final String database;
    private final ServerVersion version;

    Shapes(String database, ServerVersion version) {
        this.database = database;
        this.version = version;
    }

    /** The shapes of events, in order. */
    List<BsonDocument> of(List<BsonDocument> events) {
        return events.stream().map(this::of).toList();
    }

    /** The shape of one event. */
    BsonDocument of(BsonDocument event) {
        if (!event.getDocument("_id").isString("_data")) {
            throw new AssertionError("an event without _id._data: " + event);
        }
        if (!event.isTimestamp("clusterTime")) {
            throw new AssertionError("an event without clusterTime: " + event);
        }
        if (event.isDateTime("wallTime") != version.atLeast(6, 0)) {
            throw new AssertionError("wallTime is there from 6.0 on, not before: " + event);
        }
        BsonDocument shape = Bson.without(event, "_id", "clusterTime", "wallTime");
        if (shape.containsKey("updateDescription")) {
            BsonDocument description = shape.getDocument("updateDescription").clone();
            description.put("removedFields", sorted(description.getArray("removedFields")));
            shape.put("updateDescription", description);
        }
        return shape;
    }

    /** The order of removed fields is not documented: by nesting or by name. */
    private static BsonArray sorted(BsonArray strings) {
        return new BsonArray(
                strings.stream().sorted(Comparator.comparing(BsonValue::asString)).toList());
    }

    BsonDocument insert(String collection, String fullDocument) {
        BsonDocument document = doc(fullDocument);
        return event("insert", collection)
                .append("documentKey", new BsonDocument("_id", document.get("_id")))
                .append("fullDocument", document);
    }

    BsonDocument replace(String collection, String fullDocument) {
        BsonDocument shape = insert(collection, fullDocument);
        shape.put("operationType", new BsonString("replace"));
        return shape;
    }

    BsonDocument update(String collection, String id, String updatedFields, String... removed) {
        return update(collection, id, updatedFields, List.of(removed), "[]");
    }

    BsonDocument update(
            String collection, String id, String updated, List<String> removed, String truncated) {
        BsonDocument description =
                new BsonDocument("updatedFields", doc(updated))
                        .append(
                                "removedFields",
                                sorted(Bson.strings(removed.toArray(String[]::new))));
        if (version.atLeast(5, 0)) {
            description.append("truncatedArrays", value(truncated));
        }
        return event("update", collection)
                .append("documentKey", new BsonDocument("_id", value(id)))
                .append("updateDescription", description);
    }

    BsonDocument delete(String collection, String id) {
        return event("delete", collection)
                .append("documentKey", new BsonDocument("_id", value(id)));
    }

    BsonDocument drop(String collection) {
        return event("drop", collection);
    }

    BsonDocument rename(String from, String to) {
        return event("rename", from).append("to", namespace(to));
    }

    BsonDocument dropDatabase() {
        return new BsonDocument("operationType", new BsonString("dropDatabase"))
                .append("ns", new BsonDocument("db", new BsonString(database)));
    }

    BsonDocument invalidate() {
        return new BsonDocument("operationType", new BsonString("invalidate"));
    }

    private BsonDocument event(String operationType, String collection) {
        return new BsonDocument("operationType", new BsonString(operationType))
                .append("ns", namespace(collection));
    }

    private BsonDocument namespace(String collection) {
        return new BsonDocument("db", new BsonString(database))
                .append("coll", new BsonString(collection));
    }

    /** The {@code _id}s of the documents that the events are about. */
    static List<BsonDocument> keys(List<BsonDocument> events) {
        return events.stream().map(event -> event.getDocument("documentKey")).toList();
    }

    /** The operation types of events. */
    static List<String> types(List<BsonDocument> events) {
        return events.stream().map(event -> event.getString("operationType").getValue()).toList();
    }

    static BsonArray array(BsonDocument... documents) {
        return new BsonArray(List.of(documents));
    }
}
