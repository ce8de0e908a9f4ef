package dev.cdcpipeline.syncer.support;

import dev.cdcpipeline.model.ChangeEvent;
import dev.cdcpipeline.model.Namespace;
import dev.cdcpipeline.model.Position;
import dev.cdcpipeline.model.RawDocument;
import dev.cdcpipeline.model.ResumeToken;
import dev.cdcpipeline.model.Version;
import dev.cdcpipeline.model.wire.RecordHeaders;
import dev.cdcpipeline.model.wire.RecordKind;
import dev.cdcpipeline.model.wire.StreamId;

import org.bson.BsonDateTime;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonString;
import org.bson.BsonTimestamp;
import org.bson.BsonValue;

import java.nio.ByteBuffer;
import java.util.UUID;

/**
 * Makes change events as MongoDB would, one after the other in time, of one stream. Not
 * thread-safe.
 */
public final class Events {
    private static final int START = 1_760_000_000;

    private final Namespace namespace;
    private final StreamId stream;
    private int tick;

    /** Events of a collection. */
    public Events(Namespace namespace) {
        this(namespace, new StreamId(UUID.randomUUID().getMostSignificantBits()));
    }

    private Events(Namespace namespace, StreamId stream) {
        this.namespace = namespace;
        this.stream = stream;
    }

    /** The same stream from its beginning, as a Watcher repeats it. */
    public Events again() {
        return new Events(namespace, stream);
    }

    /** An event with what its record says of it. */
    public record Event(ChangeEvent event, RecordHeaders headers) {}

    /** A document with this {@code _id}. */
    public static BsonDocument document(BsonValue id, int value) {
        return new BsonDocument("_id", id).append("value", new BsonInt32(value));
    }

    /** An insert of the document. */
    public Event insert(BsonDocument document) {
        return put("insert", document);
    }

    /** An update that made it this document. */
    public Event update(BsonDocument document) {
        return put("update", document);
    }

    /** A replace by this document. */
    public Event replace(BsonDocument document) {
        return put("replace", document);
    }

    /** A replace that changes the type of a number in the {@code _id}: the key has the old one. */
    public Event replace(BsonValue id, BsonDocument document) {
        return event("replace", new BsonDocument("_id", id), document, RecordKind.CHANGE);
    }

    /** A delete. */
    public Event delete(BsonValue id) {
        return event("delete", new BsonDocument("_id", id), null, RecordKind.CHANGE);
    }

    /** A drop of the collection. */
    public Event drop() {
        return event("drop", null, null, RecordKind.SWEEP);
    }

    private Event put(String operation, BsonDocument document) {
        var key = new BsonDocument("_id", document.get("_id"));
        return event(operation, key, document, RecordKind.CHANGE);
    }

    private Event event(
            String operation,
            @org.jspecify.annotations.Nullable BsonDocument key,
            @org.jspecify.annotations.Nullable BsonDocument document,
            RecordKind kind) {
        tick++;
        var time = new BsonTimestamp(START + tick / 1000, 1 + tick % 1000);
        ResumeToken token = token(time);
        var event = new BsonDocument("_id", token.toDocument());
        event.append("operationType", new BsonString(operation));
        event.append("clusterTime", time);
        event.append("wallTime", new BsonDateTime(time.getTime() * 1000L));
        if (document != null) {
            event.append("fullDocument", document);
        }
        event.append(
                "ns",
                new BsonDocument("db", new BsonString(namespace.database()))
                        .append("coll", new BsonString(namespace.collection())));
        if (key != null) {
            event.append("documentKey", key);
        }
        return new Event(
                ChangeEvent.of(RawDocument.of(event)),
                new RecordHeaders(new Position(0, token), Version.of(time), kind, stream));
    }

    private static ResumeToken token(BsonTimestamp time) {
        return ResumeToken.ofBytes(
                ByteBuffer.allocate(10)
                        .put((byte) 0x82)
                        .putInt(time.getTime())
                        .putInt(time.getInc())
                        .put((byte) 0x04)
                        .array());
    }
}
