package dev.cdcpipeline.model;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Reads the parts of BSON (bsonspec.org, version 1.1) out of an array: primitives, the end of a
 * name, the end of a value. Every method that takes a limit checks against it and throws {@link
 * MalformedMessageException} for what does not fit; nothing here allocates.
 */
public final class BsonBytes {

    public static final byte DOUBLE = 0x01;
    public static final byte STRING = 0x02;
    public static final byte DOCUMENT = 0x03;
    public static final byte ARRAY = 0x04;
    public static final byte BINARY = 0x05;
    public static final byte UNDEFINED = 0x06;
    public static final byte OBJECT_ID = 0x07;
    public static final byte BOOLEAN = 0x08;
    public static final byte DATE_TIME = 0x09;
    public static final byte NULL = 0x0A;
    public static final byte REGULAR_EXPRESSION = 0x0B;
    public static final byte DB_POINTER = 0x0C;
    public static final byte JAVASCRIPT = 0x0D;
    public static final byte SYMBOL = 0x0E;
    public static final byte JAVASCRIPT_WITH_SCOPE = 0x0F;
    public static final byte INT32 = 0x10;
    public static final byte TIMESTAMP = 0x11;
    public static final byte INT64 = 0x12;
    public static final byte DECIMAL128 = 0x13;
    public static final byte MIN_KEY = (byte) 0xFF;
    public static final byte MAX_KEY = 0x7F;

    /** The binary subtype that holds its length a second time. */
    public static final byte BINARY_OLD = 0x02;

    /** The binary subtype of a UUID in the order of RFC 9562. */
    public static final byte BINARY_UUID = 0x04;

    /** Levels of documents and arrays within each other; MongoDB itself allows 100 to users. */
    public static final int MAX_DEPTH = 256;

    private static final VarHandle INT =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private BsonBytes() {}

    /** The int32 at {@code at}; the caller knows that four bytes are there. */
    public static int int32(byte[] bytes, int at) {
        return (int) INT.get(bytes, at);
    }

    /** The int64 at {@code at}; the caller knows that eight bytes are there. */
    public static long int64(byte[] bytes, int at) {
        return (long) LONG.get(bytes, at);
    }

    /** Puts an int32 at {@code at}. */
    public static void putInt32(byte[] bytes, int at, int value) {
        INT.set(bytes, at, value);
    }

    /** Puts an int64 at {@code at}. */
    public static void putInt64(byte[] bytes, int at, long value) {
        LONG.set(bytes, at, value);
    }

    /** Where the name (or other NUL-ended string) at {@code at} ends: the index of its NUL. */
    public static int nameEnd(byte[] bytes, int at, int limit) {
        for (int i = at; i < limit; i++) {
            if (bytes[i] == 0) {
                return i;
            }
        }
        throw new MalformedMessageException("a name or pattern without an end", at);
    }

    /**
     * Checks the frame of the document or array at {@code at}: its length and its last byte.
     *
     * @return the index after it
     */
    public static int documentEnd(byte[] bytes, int at, int limit) {
        need(4, at, limit);
        int length = int32(bytes, at);
        if (length < 5 || length > limit - at || bytes[at + length - 1] != 0) {
            throw new MalformedMessageException("a document with a wrong length " + length, at);
        }
        return at + length;
    }

    /**
     * Checks the frame of the string at {@code at}: its length and its last byte, not its UTF-8.
     *
     * @return the index after its closing NUL
     */
    public static int stringEnd(byte[] bytes, int at, int limit) {
        need(4, at, limit);
        int length = int32(bytes, at);
        if (length < 1 || length > limit - at - 4 || bytes[at + 4 + length - 1] != 0) {
            throw new MalformedMessageException("a string with a wrong length " + length, at);
        }
        return at + 4 + length;
    }

    /**
     * Where the value of the type at {@code at} ends. Documents are checked by their frame only;
     * {@link BsonValidation} looks inside.
     *
     * @return the index after the value
     */
    public static int valueEnd(byte[] bytes, byte type, int at, int limit) {
        return switch (type) {
            case NULL, UNDEFINED, MIN_KEY, MAX_KEY -> at;
            case BOOLEAN -> booleanEnd(bytes, at, limit);
            case INT32 -> need(4, at, limit);
            case DOUBLE, DATE_TIME, TIMESTAMP, INT64 -> need(8, at, limit);
            case OBJECT_ID -> need(12, at, limit);
            case DECIMAL128 -> need(16, at, limit);
            case STRING, JAVASCRIPT, SYMBOL -> stringEnd(bytes, at, limit);
            case DOCUMENT, ARRAY -> documentEnd(bytes, at, limit);
            case BINARY -> binaryEnd(bytes, at, limit);
            case REGULAR_EXPRESSION -> nameEnd(bytes, nameEnd(bytes, at, limit) + 1, limit) + 1;
            case DB_POINTER -> need(12, stringEnd(bytes, at, limit), limit);
            case JAVASCRIPT_WITH_SCOPE -> codeWithScopeEnd(bytes, at, limit);
            default ->
                    throw new MalformedMessageException(
                            "a value of unknown BSON type 0x" + Integer.toHexString(type & 0xFF),
                            at);
        };
    }

    private static int booleanEnd(byte[] bytes, int at, int limit) {
        need(1, at, limit);
        if (bytes[at] != 0 && bytes[at] != 1) {
            throw new MalformedMessageException("a boolean that is neither 0 nor 1", at);
        }
        return at + 1;
    }

    private static int binaryEnd(byte[] bytes, int at, int limit) {
        need(5, at, limit);
        int length = int32(bytes, at);
        if (length < 0 || length > limit - at - 5) {
            throw new MalformedMessageException("a binary with a wrong length " + length, at);
        }
        return at + 5 + length;
    }

    private static int codeWithScopeEnd(byte[] bytes, int at, int limit) {
        need(4, at, limit);
        int length = int32(bytes, at);
        if (length < 14 || length > limit - at) {
            throw new MalformedMessageException("code with a wrong length " + length, at);
        }
        int end = at + length;
        if (documentEnd(bytes, stringEnd(bytes, at + 4, end), end) != end) {
            throw new MalformedMessageException("code with a wrong length " + length, at);
        }
        return end;
    }

    private static int need(int count, int at, int limit) {
        if (count > limit - at) {
            throw new MalformedMessageException("a value that is cut off", at);
        }
        return at + count;
    }
}
