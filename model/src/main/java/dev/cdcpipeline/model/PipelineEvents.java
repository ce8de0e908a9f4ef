package dev.cdcpipeline.model;

import org.bson.BsonBoolean;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.bson.BsonTimestamp;

import java.time.Instant;

/**
 * Events that the Watcher itself makes, in the shape of change events. They have no resume token
 * but that of the change event that is their cause.
 */
public final class PipelineEvents {

    /** The {@code operationType} of what the {@code sweep} methods make. */
    public static final String SWEEP = "sweep";

    private PipelineEvents() {}

    /**
     * A document that a snapshot read: an insert, with {@code {"_id": {"_id": ..., "copyingData":
     * true}}} as the official MongoDB Kafka connector marks its copies.
     *
     * @param document the document, with an {@code _id}
     * @param clusterTime the time at which the document had this state or a later one
     */
    public static ChangeEvent snapshot(
            Namespace namespace, RawDocument document, BsonTimestamp clusterTime) {
        RawDocument key = DocumentKey.of(document).document();
        RawDocument id = RawDocument.of(new BsonDocument("copyingData", BsonBoolean.TRUE));
        BsonBuffer buffer = new BsonBuffer(document.length() + 3 * key.length() + 256);
        int start = buffer.startDocument();
        int idStart = buffer.startDocument(BsonBytes.DOCUMENT, "_id");
        buffer.putFields(key);
        buffer.putFields(id);
        buffer.endDocument(idStart);
        buffer.putString("operationType", "insert");
        putTime(buffer, clusterTime);
        buffer.putDocument("ns", ns(namespace));
        buffer.putDocument("documentKey", key);
        buffer.putDocument("fullDocument", document);
        buffer.endDocument(start);
        return ChangeEvent.of(RawDocument.wrap(buffer.toBytes()));
    }

    /**
     * The end of a re-snapshot: rows of the namespace that are older than {@code clusterTime} are
     * documents that no longer exist.
     */
    public static ChangeEvent sweep(Namespace namespace, BsonTimestamp clusterTime) {
        BsonBuffer buffer = new BsonBuffer(256);
        int start = buffer.startDocument();
        buffer.putString("operationType", SWEEP);
        putTime(buffer, clusterTime);
        buffer.putDocument("ns", ns(namespace));
        buffer.endDocument(start);
        return ChangeEvent.of(RawDocument.wrap(buffer.toBytes()));
    }

    /**
     * What an event of the change stream says of a collection that is not its {@code ns}: that its
     * rows from before are gone. So a rename is told to the collection it has replaced, and {@code
     * dropDatabase} to each collection. It has the event's place and times, and its {@code
     * operationType} as {@code cause}.
     *
     * @param namespace the collection whose rows are gone
     * @param cause the event
     */
    public static ChangeEvent sweep(Namespace namespace, ChangeEvent cause) {
        BsonBuffer buffer = new BsonBuffer(512);
        int start = buffer.startDocument();
        RawDocument token = cause.document().document("_id");
        if (token != null) {
            buffer.putDocument("_id", token);
        }
        buffer.putString("operationType", SWEEP);
        BsonTimestamp time = cause.clusterTime();
        if (time != null) {
            putTime(buffer, time);
        }
        Instant wallTime = cause.wallTime();
        if (wallTime != null) {
            buffer.putByte(BsonBytes.DATE_TIME);
            buffer.putName("wallTime");
            buffer.putInt64(wallTime.toEpochMilli());
        }
        buffer.putDocument("ns", ns(namespace));
        buffer.putString("cause", cause.operationName());
        buffer.endDocument(start);
        return ChangeEvent.of(RawDocument.wrap(buffer.toBytes()));
    }

    /** Was the event made by {@link #snapshot}, or by the official connector's copy? */
    public static boolean isSnapshot(ChangeEvent event) {
        RawDocument id = event.document().document("_id");
        return id != null && id.has("copyingData");
    }

    /** Returns whether the event was made by one of the {@code sweep} methods. */
    public static boolean isSweep(ChangeEvent event) {
        return event.operationName().equals(SWEEP);
    }

    private static void putTime(BsonBuffer buffer, BsonTimestamp clusterTime) {
        buffer.putByte(BsonBytes.TIMESTAMP);
        buffer.putName("clusterTime");
        buffer.putInt64(clusterTime.getValue());
    }

    private static RawDocument ns(Namespace namespace) {
        BsonDocument ns = new BsonDocument("db", new BsonString(namespace.database()));
        if (!namespace.isDatabase()) {
            ns.append("coll", new BsonString(namespace.collection()));
        }
        return RawDocument.of(ns);
    }
}
