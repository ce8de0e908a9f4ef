package dev.cdcpipeline.model;

import org.bson.BsonValue;

import java.nio.charset.StandardCharsets;

/**
 * Steps over the top-level fields of a {@link RawDocument} in their order, without copying. Start
 * with {@link #next()}. Not thread-safe. Every step throws {@link MalformedMessageException} when
 * the bytes are not BSON.
 */
public final class BsonCursor {

    private final byte[] bytes;
    private final int last;
    private int next;
    private byte type;
    private int nameStart;
    private int nameEnd;

    BsonCursor(byte[] bytes, int offset, int length) {
        this.bytes = bytes;
        this.last = offset + length - 1;
        this.next = offset + 4;
    }

    /** Goes to the next field; false when there is none. */
    public boolean next() {
        if (next >= last) {
            return false;
        }
        type = bytes[next];
        nameStart = next + 1;
        nameEnd = BsonBytes.nameEnd(bytes, nameStart, last);
        next = BsonBytes.valueEnd(bytes, type, nameEnd + 1, last);
        return true;
    }

    /** The BSON type of the field, one of the constants of {@link BsonBytes}. */
    public byte type() {
        return type;
    }

    /** The field's name; malformed UTF-8 reads as U+FFFD. */
    public String name() {
        return new String(bytes, nameStart, nameEnd - nameStart, StandardCharsets.UTF_8);
    }

    /** Is this the field's name, given as its UTF-8 bytes? Allocates nothing. */
    public boolean nameIs(byte[] name) {
        int length = nameEnd - nameStart;
        if (length != name.length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (bytes[nameStart + i] != name[i]) {
                return false;
            }
        }
        return true;
    }

    /** The array that the document lies in; not to be changed. */
    public byte[] array() {
        return bytes;
    }

    /** Where the value starts in {@link #array()}. */
    public int valueStart() {
        return nameEnd + 1;
    }

    /** Where the value ends in {@link #array()}: the index after it. */
    public int valueEnd() {
        return next;
    }

    /** The field's value; documents and arrays in it are copied. */
    public BsonValue value() {
        return BsonValues.decode(bytes, type, valueStart(), valueEnd());
    }

    /** The field's document or array as a view of the same bytes; only for these two types. */
    public RawDocument document() {
        if (type != BsonBytes.DOCUMENT && type != BsonBytes.ARRAY) {
            throw new MalformedMessageException("a value that is not a document", valueStart());
        }
        return RawDocument.wrap(bytes, valueStart(), valueEnd() - valueStart());
    }
}
