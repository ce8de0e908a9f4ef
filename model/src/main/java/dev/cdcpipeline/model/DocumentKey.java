package dev.cdcpipeline.model;

import org.bson.BsonValue;
import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;

/**
 * The identity of a document within its collection: the BSON document {@code {"_id": ...}}. On a
 * sharded collection MongoDB's {@code documentKey} has the shard key too; it is left out here, as
 * its values may change while the document stays the same, and all events of a document must meet
 * in one partition and one row. Immutable, equal by bytes.
 */
public final class DocumentKey {

    private static final byte[] ID = "_id".getBytes(StandardCharsets.US_ASCII);

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
