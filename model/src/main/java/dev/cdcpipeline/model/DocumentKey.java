package dev.cdcpipeline.model;

import org.bson.BsonValue;
import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;

/**
 * The identity of a document within its collection: the BSON document {@code {"_id": ...}}. On a
 * sharded collection MongoDB's {@code documentKey} has the shard key too; it is left out here, as
 * its values may change while the document stays the same, and all events of a document must meet
 * in one partition and one row. Immutable, equal by bytes; see {@link #canonical}.
 */
public final class DocumentKey {

    private static final byte[] ID = "_id".getBytes(StandardCharsets.US_ASCII);

    /** Where in the document the type of {@code _id} is, and where the value starts. */
    private static final int TYPE = 4;

    private static final int VALUE = TYPE + 1 + ID.length + 1;

    private final RawDocument document;

    private DocumentKey(RawDocument document) {
        this.document = document;
    }

    /**
     * The {@code _id} of a document key or of a whole document.
     *
     * @throws MalformedMessageException when it has no {@code _id}
     */
    public static DocumentKey of(RawDocument document) {
        BsonCursor cursor = document.cursor();
        while (cursor.next()) {
            if (cursor.nameIs(ID)) {
                return of(document, cursor);
            }
        }
        throw new MalformedMessageException("a document key without _id", document.offset());
    }

    private static DocumentKey of(RawDocument document, BsonCursor id) {
        int field = id.valueStart() - ID.length - 2;
        boolean alone =
                field == document.offset() + 4
                        && id.valueEnd() == document.offset() + document.length() - 1;
        if (alone) {
            return new DocumentKey(document);
        }
        byte[] key = new byte[4 + id.valueEnd() - field + 1];
        BsonBytes.putInt32(key, 0, key.length);
        System.arraycopy(document.array(), field, key, 4, id.valueEnd() - field);
        return new DocumentKey(RawDocument.wrap(key));
    }

    /** The document {@code {"_id": ...}}. */
    public RawDocument document() {
        return document;
    }

    /**
     * The key that is the same for all that MongoDB takes for one {@code _id}: 1, {@code
     * NumberLong(1)} and 1.0 are one, within documents too. It is what rows, look-ups and
     * partitions go by: a replace may change the type of a document's {@code _id}, and the event of
     * that has the old one. This key itself where it is in that form, as an ObjectId, a string and
     * an int32 are.
     *
     * @throws MalformedMessageException when the bytes within it are not BSON
     */
    public DocumentKey canonical() {
        byte[] bytes = document.array();
        byte type = bytes[document.offset() + TYPE];
        int value = document.offset() + VALUE;
        int end = document.offset() + document.length() - 1;
        if (CanonicalId.is(bytes, type, value, end, 1)) {
            return this;
        }
        BsonBuffer key = new BsonBuffer(document.length() + ID.length);
        int start = key.startDocument();
        key.putByte(type);
        key.putName(ID, 0, ID.length);
        key.setByte(start + TYPE, CanonicalId.put(key, bytes, type, value, end, 1));
        key.endDocument(start);
        return new DocumentKey(RawDocument.wrap(key.toBytes()));
    }

    /** The value of {@code _id}. */
    public BsonValue id() {
        BsonCursor cursor = document.cursor();
        if (!cursor.next()) {
            throw new IllegalStateException("A document key has always one field.");
        }
        return cursor.value();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof DocumentKey that && document.equals(that.document);
    }

    @Override
    public int hashCode() {
        return document.hashCode();
    }

    /** The length only: document values are never shown. */
    @Override
    public String toString() {
        return "DocumentKey[" + document.length() + " bytes]";
    }
}
