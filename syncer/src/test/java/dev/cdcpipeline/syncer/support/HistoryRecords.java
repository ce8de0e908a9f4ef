package dev.cdcpipeline.syncer.support;

import dev.cdcpipeline.model.ChangeEvent;
import dev.cdcpipeline.model.Namespace;
import dev.cdcpipeline.model.PipelineEvents;
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
import org.bson.BsonInt64;
import org.bson.BsonString;
import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** Writes a {@link History} as Kafka has it. Not thread-safe. */
final class HistoryRecords {
    private static final byte[] GARBAGE_JSON =
            "{\"operationType\":".getBytes(StandardCharsets.UTF_8);
    private static final Namespace DRAFTS = new Namespace("shop", "drafts");
    private static final Namespace ARCHIVE = new Namespace("shop", "archive");
    private static final Namespace TEMPORARY = new Namespace("shop", "tmp.agg_out.1f2e");
    private static final byte[] GARBAGE_BSON = {9, 0, 0, 0, 2, 'x', 0};

    /** By what a letter names its topic, if it is one of ours, of Kafka Connect or of Spring. */
    private static final List<String> ORIGINS =
            List.of(DeadLetterHeaders.TOPIC, "__connect.errors.topic", "kafka_dlt-original-topic");

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
        if (headers && entry.kind().isEvent()) {
            var version = new Version(entry.version());
            new RecordHeaders(entry.position(), version, kind(entry), entry.stream())
                    .forEach(made::add);
        }
        if (stored.playedBack()) {
            String origin = ORIGINS.get((int) (stored.offset() % ORIGINS.size()));
            made.add(origin, topic.getBytes(StandardCharsets.UTF_8));
        }
        return made;
    }

    private static RecordKind kind(Entry entry) {
        return switch (entry.kind()) {
            case SNAPSHOT -> RecordKind.SNAPSHOT;
            case DROP, RENAMED_OVER, OUT, RENAMED_AWAY -> RecordKind.SWEEP;
            case INSERT, UPDATE, REPLACE, DELETE, MOVED_IN, MOVED_OUT, TOMBSTONE, GARBAGE ->
                    RecordKind.CHANGE;
        };
    }

    private byte @Nullable [] value(Stored stored) {
        Entry entry = stored.entry();
        return switch (entry.kind()) {
            case TOMBSTONE -> null;
            case GARBAGE -> stored.format() == WireFormat.JSON ? GARBAGE_JSON : GARBAGE_BSON;
            case INSERT, SNAPSHOT -> write(put(entry, "insert"), stored.format());
            case UPDATE -> write(put(entry, "update"), stored.format());
            case REPLACE -> write(put(entry, "replace"), stored.format());
            case DELETE -> write(event(entry, "delete", key(entry)), stored.format());
            case MOVED_IN -> write(moved(put(entry, "insert")), stored.format());
            case MOVED_OUT -> write(moved(event(entry, "delete", key(entry))), stored.format());
            case DROP -> write(event(entry, "drop", null), stored.format());
            case RENAMED_OVER -> write(renamedOver(entry, DRAFTS), stored.format());
            case OUT -> write(renamedOver(entry, TEMPORARY), stored.format());
            case RENAMED_AWAY -> write(renamed(entry, namespace, ARCHIVE), stored.format());
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

    private static BsonDocument key(Entry entry) {
        return new BsonDocument("_id", entry.before().value());
    }

    private BsonDocument put(Entry entry, String operation) {
        return event(entry, operation, key(entry))
                .append("fullDocument", Events.document(entry.after().value(), entry.value()));
    }

    /** As of a sharded collection: the key has the shard key, too, and there is a transaction. */
    private static BsonDocument moved(BsonDocument event) {
        var key = new BsonDocument("country", new BsonString("FR"));
        key.putAll(event.getDocument("documentKey"));
        return event.append("documentKey", key).append("txnNumber", new BsonInt64(1));
    }

    private BsonDocument renamed(Entry entry, Namespace from, Namespace to) {
        return event(entry, "rename", null).append("ns", ns(from)).append("to", ns(to));
    }

    /**
     * A Watcher says it of this collection; one of before streams had names, and the connector
     * where all collections share a topic, have the server's event.
     */
    private BsonDocument renamedOver(Entry entry, Namespace from) {
        BsonDocument event = renamed(entry, from, namespace);
        return entry.stream() == null
                ? event
                : PipelineEvents.sweep(namespace, ChangeEvent.of(RawDocument.of(event)))
                        .document()
                        .toBsonDocument();
    }

    private BsonDocument event(Entry entry, String operation, @Nullable BsonDocument key) {
        var event = new BsonDocument("_id", id(entry, key(entry)));
        event.append("operationType", new BsonString(operation));
        if (entry.version() > 0) {
            event.append("clusterTime", new Version(entry.version()).toTimestamp());
        }
        event.append("ns", ns(namespace));
        if (key != null) {
            event.append("documentKey", key);
        }
        return event;
    }

    private static BsonDocument ns(Namespace namespace) {
        return new BsonDocument("db", new BsonString(namespace.database()))
                .append("coll", new BsonString(namespace.collection()));
    }

    /** The resume token; of a snapshot's row, that it is one. */
    private static BsonDocument id(Entry entry, BsonDocument key) {
        if (entry.kind() == Kind.SNAPSHOT || entry.position() == null) {
            return key.clone().append("copyingData", BsonBoolean.TRUE);
        }
        return entry.position().token().toDocument();
    }
}
