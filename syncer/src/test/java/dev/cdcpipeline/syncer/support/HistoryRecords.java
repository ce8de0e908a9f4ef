package dev.cdcpipeline.syncer.support;

import dev.cdcpipeline.model.ChangeEvent;
import dev.cdcpipeline.model.Namespace;
import dev.cdcpipeline.model.RawDocument;
import dev.cdcpipeline.model.Version;
import dev.cdcpipeline.model.wire.DeadLetterHeaders;
import dev.cdcpipeline.model.wire.EventWriter;
import dev.cdcpipeline.model.wire.RecordHeaders;
import dev.cdcpipeline.model.wire.RecordKind;
import dev.cdcpipeline.model.wire.WireFormat;
import dev.cdcpipeline.syncer.support.History.Entry;
import dev.cdcpipeline.syncer.support.History.Kind;
import dev.cdcpipeline.syncer.support.History.Stored;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.record.TimestampType;
import org.bson.BsonBoolean;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Writes a {@link History} as Kafka has it. Not thread-safe. */
final class HistoryRecords {
    private static final byte[] GARBAGE_JSON =
            "{\"operationType\":".getBytes(StandardCharsets.UTF_8);
    private static final byte[] GARBAGE_BSON = {9, 0, 0, 0, 2, 'x', 0};

    private final EventWriter json = new EventWriter(WireFormat.JSON);
    private final Namespace namespace;
    private final String topic;
    private final boolean headers;

    /**
     * @param headers whether they have the pipeline's headers; without them what they say is in the
     *     value only
     */
    HistoryRecords(Namespace namespace, String topic, boolean headers) {
        this.namespace = namespace;
        this.topic = topic;
        this.headers = headers;
    }

    ConsumerRecord<ByteBuffer, ByteBuffer> record(Stored stored) {
        byte[] value = value(stored);
        return new ConsumerRecord<>(
                topic,
                stored.entry().partition(),
                stored.offset(),
                0,
                TimestampType.CREATE_TIME,
                0,
                value == null ? 0 : value.length,
                ByteBuffer.wrap("key".getBytes(StandardCharsets.UTF_8)),
                value == null ? null : ByteBuffer.wrap(value),
                headers(stored),
                Optional.empty());
    }

    private Headers headers(Stored stored) {
        Entry entry = stored.entry();
        var made = new org.apache.kafka.common.header.internals.RecordHeaders();
        if (headers && entry.kind() != Kind.GARBAGE && entry.kind() != Kind.TOMBSTONE) {
            var version = new Version(entry.version());
            new RecordHeaders(entry.position(), version, kind(entry), entry.stream())
                    .forEach(made::add);
        }
        if (stored.playedBack()) {
            made.add(DeadLetterHeaders.TOPIC, topic.getBytes(StandardCharsets.UTF_8));
        }
        return made;
    }

    private static RecordKind kind(Entry entry) {
        return switch (entry.kind()) {
            case SNAPSHOT -> RecordKind.SNAPSHOT;
            case SWEEP -> RecordKind.SWEEP;
            case INSERT, UPDATE, DELETE, TOMBSTONE, GARBAGE -> RecordKind.CHANGE;
        };
    }

    private byte @Nullable [] value(Stored stored) {
        Entry entry = stored.entry();
        return switch (entry.kind()) {
            case TOMBSTONE -> null;
            case GARBAGE -> stored.format() == WireFormat.JSON ? GARBAGE_JSON : GARBAGE_BSON;
            case INSERT, SNAPSHOT -> write(event(entry, "insert"), stored.format());
            case UPDATE -> write(event(entry, "update"), stored.format());
            case DELETE -> write(event(entry, "delete"), stored.format());
            case SWEEP -> write(event(entry, "drop"), stored.format());
        };
    }

    private byte[] write(BsonDocument event, WireFormat format) {
        RawDocument raw = RawDocument.of(event);
        return switch (format) {
            case BSON -> raw.toBytes();
            case JSON ->
                    headers
                            ? json.value(ChangeEvent.of(raw))
                            : event.toJson().getBytes(StandardCharsets.UTF_8); // with its spaces
        };
    }

    private BsonDocument event(Entry entry, String operation) {
        var documentId = new BsonString(History.key(entry.key()));
        var key = new BsonDocument("_id", documentId);
        var event = new BsonDocument("_id", id(entry, key));
        event.append("operationType", new BsonString(operation));
        if (entry.version() > 0) {
            event.append("clusterTime", new Version(entry.version()).toTimestamp());
        }
        event.append(
                "ns",
                new BsonDocument("db", new BsonString(namespace.database()))
                        .append("coll", new BsonString(namespace.collection())));
        if (entry.kind() != Kind.SWEEP) {
            event.append("documentKey", key);
        }
        if (entry.kind() != Kind.SWEEP && entry.kind() != Kind.DELETE) {
            event.append("fullDocument", Events.document(documentId, entry.value()));
        }
        return event;
    }

    /** The resume token; of a snapshot's row, that it is one. */
    private static BsonDocument id(Entry entry, BsonDocument key) {
        if (entry.kind() == Kind.SNAPSHOT || entry.position() == null) {
            return key.clone().append("copyingData", BsonBoolean.TRUE);
        }
        return entry.position().token().toDocument();
    }
}
