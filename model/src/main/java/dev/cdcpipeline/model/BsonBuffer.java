package dev.cdcpipeline.model;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * BSON in the making: a byte array that grows and is used again. Lengths that are known only at the
 * end are put in place afterwards. Not thread-safe.
 */
public final class BsonBuffer {

    private static final int LARGEST = Integer.MAX_VALUE - 16;

    private byte[] bytes;
    private int length;

    /** An empty buffer with room for so many bytes, which grows when needed. */
    public BsonBuffer(int capacity) {
        bytes = new byte[Math.max(capacity, 64)];
    }

    /** How many bytes it holds. */
    public int length() {
        return length;
    }

    /** Drops all after the first {@code newLength} bytes. */
    public void truncate(int newLength) {
        length = newLength;
    }

    /** A copy of what it holds. */
    public byte[] toBytes() {
        return Arrays.copyOf(bytes, length);
    }

    /** The array that it writes to, valid until the next put. */
    public byte[] array() {
        return bytes;
    }

    /**
     * Makes room for {@code count} more bytes, which the caller then puts into {@link #array()}.
     */
    public void ensure(int count) {
        if (count > bytes.length - length) {
            grow(count);
        }
    }

    /** Counts bytes that the caller has put into {@link #array()} itself. */
    public void advance(int count) {
        length += count;
    }

    /** Puts one byte. */
    public void putByte(int value) {
        ensure(1);
        bytes[length++] = (byte) value;
    }

    /** Puts an int32. */
    public void putInt32(int value) {
        ensure(4);
        BsonBytes.putInt32(bytes, length, value);
        length += 4;
    }

    /** Puts an int64. */
    public void putInt64(long value) {
        ensure(8);
        BsonBytes.putInt64(bytes, length, value);
        length += 8;
    }

    /** Puts a part of an array. */
    public void putBytes(byte[] source, int from, int count) {
        ensure(count);
        System.arraycopy(source, from, bytes, length, count);
        length += count;
    }

    /** Puts a string as BSON has it: its length, the text in a part of an array, NUL. */
    public void putText(byte[] source, int from, int count) {
        ensure(count + 5);
        BsonBytes.putInt32(bytes, length, count + 1);
        System.arraycopy(source, from, bytes, length + 4, count);
        bytes[length + 4 + count] = 0;
        length += count + 5;
    }

    /** Puts the name in a part of an array, which has no NUL in it, and its closing NUL. */
    public void putName(byte[] source, int from, int count) {
        ensure(count + 1);
        System.arraycopy(source, from, bytes, length, count);
        bytes[length + count] = 0;
        length += count + 1;
    }

    /** Puts a name that has no NUL in it, and its closing NUL. */
    public void putName(String name) {
        byte[] text = name.getBytes(StandardCharsets.UTF_8);
        putBytes(text, 0, text.length);
        putByte(0);
    }

    /** Puts a field with a string. */
    public void putString(String name, String value) {
        putByte(BsonBytes.STRING);
        putName(name);
        byte[] text = value.getBytes(StandardCharsets.UTF_8);
        putInt32(text.length + 1);
        putBytes(text, 0, text.length);
        putByte(0);
    }

    /** Puts a field with a document. */
    public void putDocument(String name, RawDocument document) {
        putByte(BsonBytes.DOCUMENT);
        putName(name);
        putBytes(document.array(), document.offset(), document.length());
    }

    /** Puts all fields of a document. */
    public void putFields(RawDocument document) {
        putBytes(document.array(), document.offset() + 4, document.length() - 5);
    }

    /** Starts a document; what is returned goes to {@link #endDocument}. */
    public int startDocument() {
        int start = length;
        putInt32(0);
        return start;
    }

    /**
     * Starts a field with a document or an array; what is returned goes to {@link #endDocument}.
     */
    public int startDocument(byte type, String name) {
        putByte(type);
        putName(name);
        return startDocument();
    }

    /** Ends the document that started there. */
    public void endDocument(int start) {
        putByte(0);
        setInt32(start, length - start);
    }

    /** Changes a byte put earlier. */
    public void setByte(int at, int value) {
        bytes[at] = (byte) value;
    }

    /** Changes an int32 put earlier. */
    public void setInt32(int at, int value) {
        BsonBytes.putInt32(bytes, at, value);
    }

    private void grow(int count) {
        long wanted = (long) length + count;
        if (wanted > LARGEST) {
            throw new MalformedMessageException("a message over 2 GB", length);
        }
        bytes = Arrays.copyOf(bytes, (int) Math.min(LARGEST, Math.max(wanted, 2L * bytes.length)));
    }
}
