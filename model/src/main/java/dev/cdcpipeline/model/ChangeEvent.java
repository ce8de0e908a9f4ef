package dev.cdcpipeline.model;

import org.bson.BsonTimestamp;
import org.jspecify.annotations.Nullable;

import java.time.Instant;

/**
 * A change event as MongoDB sent it (manual: "Change Events"), over one {@link RawDocument} whose
 * top-level fields are located once. Immutable and thread-safe. Accessors throw {@link
 * MalformedMessageException} when the field has another type than MongoDB gives it.
 */
public final class ChangeEvent {

    private final RawDocument document;
    private final EventFields fields;
    private final OperationType operationType;

    private ChangeEvent(RawDocument document) {
        this.document = document;
        this.fields = new EventFields(document);
        if (!fields.has(EventFields.OPERATION_TYPE)) {
            throw new MalformedMessageException(
                    "a change event without operationType", document.offset());
        }
        this.operationType = fields.operationType();
    }

    /**
     * The event in the document.
     *
     * @throws MalformedMessageException when the document is not BSON at its top level, has no
     *     {@code operationType}, or one of the known fields has a type that it cannot have
     */
    public static ChangeEvent of(RawDocument document) {
        return new ChangeEvent(document);
    }

    /** The whole event. */
    public RawDocument document() {
        return document;
    }

    /** What happened. */
    public OperationType operationType() {
        return operationType;
    }

    /** What happened, in MongoDB's word, which also names what is {@link OperationType#OTHER}. */
    public String operationName() {
        if (operationType != OperationType.OTHER) {
            return operationType.mongoName();
        }
        String name = fields.string(EventFields.OPERATION_TYPE);
        return name == null ? "" : name;
    }

    /**
     * Where it happened, as MongoDB sent it ({@code ns}); null for events that have no place. Equal
     * when {@link #namespace} is, and cheaper.
     */
    public @Nullable RawDocument ns() {
        return fields.document(EventFields.NS);
    }

    /** Where it happened ({@code ns}); null for events that have no place, such as invalidate. */
    public @Nullable Namespace namespace() {
        return namespace(EventFields.NS);
    }

    /** The new name of a renamed collection ({@code to}); null for other events. */
    public @Nullable Namespace renamedTo() {
        return namespace(EventFields.TO);
    }

    /** The {@code _id} of the document that changed; null for events that are about no document. */
    public @Nullable DocumentKey documentKey() {
        RawDocument key = fields.document(EventFields.DOCUMENT_KEY);
        return key == null ? null : DocumentKey.of(key);
    }

    /**
     * The document after the change; null when the event has none: a delete, or an update whose
     * document was gone when the server looked it up.
     */
    public @Nullable RawDocument fullDocument() {
        return fields.document(EventFields.FULL_DOCUMENT);
    }

    /** The document before the change, where the collection keeps pre-images; null otherwise. */
    public @Nullable RawDocument fullDocumentBeforeChange() {
        return fields.document(EventFields.FULL_DOCUMENT_BEFORE_CHANGE);
    }

    /** Which fields an update changed; null for other events. */
    public @Nullable RawDocument updateDescription() {
        return fields.document(EventFields.UPDATE_DESCRIPTION);
    }

    /** The oplog time of the change; null when the event has none. */
    public @Nullable BsonTimestamp clusterTime() {
        Long bits = fields.bits(EventFields.CLUSTER_TIME);
        return bits == null ? null : new BsonTimestamp(bits);
    }

    /** The server's date and time of the change (MongoDB 6.0 and later); null otherwise. */
    public @Nullable Instant wallTime() {
        Long millis = fields.bits(EventFields.WALL_TIME);
        return millis == null ? null : Instant.ofEpochMilli(millis);
    }

    /** The transaction's number in its session; null outside a transaction. */
    public @Nullable Long txnNumber() {
        return fields.bits(EventFields.TXN_NUMBER);
    }

    /** The session of the transaction; null outside a transaction. */
    public @Nullable RawDocument lsid() {
        return fields.document(EventFields.LSID);
    }

    /** Has the event a resume token? All that a change stream yields have one. */
    public boolean hasResumeToken() {
        RawDocument id = fields.document(EventFields.ID);
        return id != null && id.hasString("_data");
    }

    /**
     * The resume token ({@code _id}).
     *
     * @throws MalformedMessageException when the event has none, as one that does not come from a
     *     change stream (see {@link PipelineEvents})
     */
    public ResumeToken resumeToken() {
        RawDocument id = fields.document(EventFields.ID);
        if (id == null) {
            throw new MalformedMessageException("a change event without _id", document.offset());
        }
        return ResumeToken.of(id);
    }

    private @Nullable Namespace namespace(int field) {
        RawDocument ns = fields.document(field);
        return ns == null ? null : Namespace.of(ns);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ChangeEvent that && document.equals(that.document);
    }

    @Override
    public int hashCode() {
        return document.hashCode();
    }

    /** The operation and the length only: document values are never shown. */
    @Override
    public String toString() {
        return "ChangeEvent[" + operationName() + ", " + document.length() + " bytes]";
    }
}
