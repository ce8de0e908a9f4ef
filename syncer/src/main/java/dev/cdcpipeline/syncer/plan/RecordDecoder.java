package dev.cdcpipeline.syncer.plan;

import dev.cdcpipeline.model.ChangeEvent;
import dev.cdcpipeline.model.DocumentKey;
import dev.cdcpipeline.model.MalformedMessageException;
import dev.cdcpipeline.model.Namespace;
import dev.cdcpipeline.model.OperationType;
import dev.cdcpipeline.model.Position;
import dev.cdcpipeline.model.RawDocument;
import dev.cdcpipeline.model.wire.DocumentSlice;
import dev.cdcpipeline.model.wire.EventOutline;
import dev.cdcpipeline.model.wire.EventReader;
import dev.cdcpipeline.model.wire.RecordHeaders;
import dev.cdcpipeline.model.wire.UsualEvent;
import dev.cdcpipeline.syncer.schema.RowKey;
import dev.cdcpipeline.syncer.schema.TableName;
import dev.cdcpipeline.syncer.schema.TableNames;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * From records to their {@link Effect}: our own records, and those of the official MongoDB Kafka
 * connector, which have no headers. Not thread-safe.
 */
final class RecordDecoder {
    private final EventReader reader = new EventReader();
    private final TableNames tables;
    private byte[] lastNs = {};
    private @Nullable TableName lastTable;

    RecordDecoder(TableNames tables) {
        this.tables = tables;
    }

    /**
     * The record's own headers.
     *
     * @return null if it has none; then {@link #event} must be asked
     * @throws MalformedMessageException if they cannot be read
     */
    static @Nullable RecordHeaders headers(RecordView record) {
        return RecordHeaders.read(record::lastHeader);
    }

    /**
     * Whether the record's key says nothing of its document, so that changes of one document are in
     * any partition: it has none, or its resume token, as the official MongoDB connector writes it
     * by default, in one format or another.
     */
    static boolean isKeyedWithoutDocument(RecordView record, Position position) {
        byte[] key = record.key();
        return key == null
                || new String(key, StandardCharsets.ISO_8859_1).contains(position.token().toHex());
    }

    /**
     * The event in the record's value, valid until the next one is asked for.
     *
     * @param placed whether headers say where in the stream it is
     * @throws MalformedMessageException if there is none
     */
    EventOutline event(RecordView record, boolean placed) {
        return reader.readOutline(record.array(), record.valueStart(), record.valueEnd(), placed);
    }

    /** Lets go of the last record. */
    void release() {
        reader.release();
    }

    /**
     * What the event itself says, for a record without headers.
     *
     * @throws MalformedMessageException if it cannot be read
     */
    static RecordHeaders headers(EventOutline outline) {
        try {
            return outline.headers();
        } catch (MalformedMessageException e) {
            throw ofTheWhole(e);
        }
    }

    /**
     * What the event means.
     *
     * @throws MalformedMessageException if something it needs is missing
     */
    Effect effect(RecordView record, EventOutline outline, RecordHeaders headers) {
        try {
            return switch (headers.kind()) {
                case CHANGE, SNAPSHOT ->
                        switch (outline) {
                            case UsualEvent usual -> change(record, usual, headers);
                            case EventOutline.OfAnyKind any -> change(record, any, headers);
                        };
                case SWEEP -> sweep(record, outline, headers);
            };
        } catch (MalformedMessageException e) {
            throw ofTheWhole(e);
        }
    }

    /** The place would be one in the array that the event is in with others, or in its outline. */
    private static MalformedMessageException ofTheWhole(MalformedMessageException e) {
        return e.at(0);
    }

    private Effect change(RecordView record, UsualEvent event, RecordHeaders headers) {
        TableName table = table(event.array(), event.nsStart(), event.nsEnd(), event::namespace);
        String key =
                event.objectIdStart() >= 0
                        ? RowKey.ofObjectId(event.array(), event.objectIdStart())
                        : RowKey.of(event.documentKey());
        if (event.operationType() == OperationType.DELETE) {
            return new Effect.Remove(table, key, headers.version());
        }
        return new Effect.Put(
                table,
                key,
                headers.version(),
                Objects.requireNonNull(event.fullDocument()), // else it would not be usual
                event.operationType() == OperationType.INSERT,
                record);
    }

    private Effect change(
            RecordView record, EventOutline.OfAnyKind outline, RecordHeaders headers) {
        ChangeEvent event = outline.event();
        return switch (event.operationType()) {
            case INSERT -> put(record, outline, headers, true);
            case UPDATE, REPLACE -> put(record, outline, headers, false);
            case DELETE -> new Effect.Remove(table(event), key(event), headers.version());
            case DROP, RENAME, DROP_DATABASE, INVALIDATE, OTHER -> new Effect.None();
        };
    }

    private Effect put(
            RecordView record,
            EventOutline.OfAnyKind outline,
            RecordHeaders headers,
            boolean insert) {
        ChangeEvent event = outline.event();
        DocumentSlice document = outline.fullDocument();
        if (document != null) {
            return new Effect.Put(
                    table(event), key(event), headers.version(), document, insert, record);
        }
        if (event.document().has("fullDocument")) {
            return new Effect
                    .None(); // it was gone when the server looked it up: its delete follows
        }
        throw new MalformedMessageException(
                "an "
                        + event.operationName()
                        + " without fullDocument (the source must look it up: fullDocument: updateLookup)",
                0);
    }

    private static @Nullable Namespace namespace(EventOutline outline) {
        return switch (outline) {
            case UsualEvent usual -> usual.namespace();
            case EventOutline.OfAnyKind any -> any.event().namespace();
        };
    }

    private Effect sweep(RecordView record, EventOutline outline, RecordHeaders headers) {
        Namespace namespace = namespace(outline);
        if (namespace == null || namespace.isDatabase()) {
            // A dropped database: each of its collections was dropped before and says so itself.
            return new Effect.None();
        }
        boolean everywhere = headers(record) != null;
        List<TableName> swept = new ArrayList<>(2);
        Namespace replaced = renamedTo(outline);
        if (replaced == null || !everywhere || mayBeOf(record, namespace, replaced)) {
            swept.add(tables.of(namespace));
        }
        if (replaced != null && (!everywhere || mayBeOf(record, replaced, namespace))) {
            tables.unlessTaken(replaced).ifPresent(swept::add);
        }
        return new Effect.Sweep(swept, headers.version(), everywhere);
    }

    private static @Nullable Namespace renamedTo(EventOutline outline) {
        return outline instanceof EventOutline.OfAnyKind any ? any.event().renamedTo() : null;
    }

    /**
     * Whether a rename that is in every partition of a topic is about the collection of that topic.
     * A former Watcher wrote the server's event into the topics of both names; the official
     * connector's is in the topic of the old name alone, and is about both. Where a topic's name
     * does not tell, as one that was shortened, it may be either: the other topic has a sweep too.
     */
    private static boolean mayBeOf(RecordView record, Namespace one, Namespace other) {
        String topic = record.id().topic();
        return topic.endsWith("." + one) || !topic.endsWith("." + other);
    }

    private TableName table(ChangeEvent event) {
        RawDocument ns = event.ns();
        if (ns == null) {
            throw withoutCollection();
        }
        return table(ns.array(), ns.offset(), ns.offset() + ns.length(), () -> Namespace.of(ns));
    }

    /**
     * The table of a namespace, which is a part of an array, as BSON or as text.
     *
     * @param read reads it
     */
    private TableName table(byte[] array, int start, int end, Supplier<Namespace> read) {
        TableName known = lastTable;
        if (known != null && Arrays.equals(array, start, end, lastNs, 0, lastNs.length)) {
            return known; // as most of the time
        }
        Namespace namespace = read.get();
        if (namespace.isDatabase()) {
            throw withoutCollection();
        }
        TableName table = tables.of(namespace);
        lastNs = Arrays.copyOfRange(array, start, end);
        lastTable = table;
        return table;
    }

    private static MalformedMessageException withoutCollection() {
        return new MalformedMessageException("an event without a collection in ns", 0);
    }

    private static String key(ChangeEvent event) {
        DocumentKey key = event.documentKey();
        if (key == null) {
            throw new MalformedMessageException("an event without documentKey", 0);
        }
        return RowKey.of(key);
    }
}
