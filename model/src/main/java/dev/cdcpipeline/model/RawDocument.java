package dev.cdcpipeline.model;

import org.bson.BsonBinaryWriter;
import org.bson.BsonDocument;
import org.bson.BsonValue;
import org.bson.codecs.BsonDocumentCodec;
import org.bson.codecs.EncoderContext;
import org.bson.io.BasicOutputBuffer;
import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A BSON document (or array) as its bytes, possibly a part of a larger array. Immutable as long as
 * nobody writes to the array it was made of, and then thread-safe. Equality is equality of bytes.
 * Only the frame (length and last byte) is checked on creation; a method that meets bytes that are
 * not BSON throws {@link MalformedMessageException}.
 */
public final class RawDocument {

    /** The document without fields. */
    public static final RawDocument EMPTY = wrap(new byte[] {5, 0, 0, 0, 0});

    private final byte[] bytes;
    private final int offset;
    private final int length;

    private RawDocument(byte[] bytes, int offset, int length) {
        this.bytes = bytes;
        this.offset = offset;
        this.length = length;
    }

    /** The document that fills the array, which is not copied. */
    public static RawDocument wrap(byte[] bytes) {
        return wrap(bytes, 0, bytes.length);
    }

    /** The document in a part of the array, which is not copied. */
    public static RawDocument wrap(byte[] bytes, int offset, int length) {
        if (BsonBytes.documentEnd(bytes, offset, offset + length) != offset + length) {
            throw new MalformedMessageException("bytes after the end of the document", offset);
        }
        return new RawDocument(bytes, offset, length);
    }

    /** The bytes of a document of the {@code org.bson} library. */
    public static RawDocument of(BsonDocument document) {
        try (BasicOutputBuffer output = new BasicOutputBuffer();
                BsonBinaryWriter writer = new BsonBinaryWriter(output)) {
            new BsonDocumentCodec().encode(writer, document, EncoderContext.builder().build());
            return wrap(output.toByteArray());
        }
    }

    /** The array that the document lies in, from {@link #offset()}; not to be changed. */
    public byte[] array() {
        return bytes;
    }

    /** Where the document starts in {@link #array()}. */
    public int offset() {
        return offset;
    }

    /** The length in bytes. */
    public int length() {
        return length;
    }

    /** A copy of the document's bytes. */
    public byte[] toBytes() {
        return Arrays.copyOfRange(bytes, offset, offset + length);
    }

    /** The document as an object tree of the {@code org.bson} library. */
    public BsonDocument toBsonDocument() {
        return BsonValues.document(bytes, offset, length);
    }

    /** Steps over the top-level fields. */
    public BsonCursor cursor() {
        return new BsonCursor(bytes, offset, length);
    }

    /** Is there a top-level field of this name? */
    public boolean has(String name) {
        return find(name) != null;
    }

    /** The value of the top-level field (the first, when there are more); null when absent. */
    public @Nullable BsonValue get(String name) {
        BsonCursor found = find(name);
        return found == null ? null : found.value();
    }

    /**
     * The document (or array) in the top-level field, over the same bytes; null when the field is
     * absent or of another type.
     */
    public @Nullable RawDocument document(String name) {
        BsonCursor found = find(name);
        if (found == null) {
            return null;
        }
        boolean matches = found.type() == BsonBytes.DOCUMENT || found.type() == BsonBytes.ARRAY;
        return matches ? found.document() : null;
    }

    /** The string in the top-level field; null when the field is absent or of another type. */
    public @Nullable String string(String name) {
        BsonCursor found = find(name);
        if (found == null || found.type() != BsonBytes.STRING) {
            return null;
        }
        int start = found.valueStart() + 4;
        return new String(bytes, start, found.valueEnd() - 1 - start, StandardCharsets.UTF_8);
    }

    /** Is there a top-level field of this name, and a string in it? */
    boolean hasString(String name) {
        BsonCursor found = find(name);
        return found != null && found.type() == BsonBytes.STRING;
    }

    private @Nullable BsonCursor find(String name) {
        byte[] wanted = name.getBytes(StandardCharsets.UTF_8);
        BsonCursor cursor = cursor();
        while (cursor.next()) {
            if (cursor.nameIs(wanted)) {
                return cursor;
            }
        }
        return null;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof RawDocument that
                && Arrays.equals(
                        bytes,
                        offset,
                        offset + length,
                        that.bytes,
                        that.offset,
                        that.offset + that.length);
    }

    @Override
    public int hashCode() {
        int hash = 1;
        for (int i = offset; i < offset + length; i++) {
            hash = 31 * hash + bytes[i];
        }
        return hash;
    }

    /** The length only: document values are never shown. */
    @Override
    public String toString() {
        return "RawDocument[" + length + " bytes]";
    }
}
