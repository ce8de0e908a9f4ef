package dev.cdcpipeline.model.json;

import dev.cdcpipeline.model.MalformedMessageException;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** JSON text in the making: a byte array that grows and is used again. Not thread-safe. */
final class JsonBuffer {

    private static final int INITIAL = 8 * 1024;

    /** An array larger than this is not kept for the next text. */
    private static final int LARGEST_KEPT = 4 * 1024 * 1024;

    private static final int LARGEST = Integer.MAX_VALUE - 16;
    private static final byte[] HEX = ascii("0123456789abcdef");
    private static final byte[] BASE64 =
            ascii("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");

    private byte[] bytes = new byte[INITIAL];
    private int length;

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    void clear() {
        length = 0;
        if (bytes.length > LARGEST_KEPT) {
            bytes = new byte[INITIAL];
        }
    }

    int length() {
        return length;
    }

    void truncate(int newLength) {
        length = newLength;
    }

    byte[] toBytes() {
        return Arrays.copyOf(bytes, length);
    }

    void put(char ascii) {
        ensure(1);
        bytes[length++] = (byte) ascii;
    }

    void put(byte[] literal) {
        put(literal, 0, literal.length);
    }

    void put(byte[] source, int from, int count) {
        ensure(count);
        System.arraycopy(source, from, bytes, length, count);
        length += count;
    }

    /** Puts a decimal integer. */
    void putLong(long value) {
        if (value < 0) {
            put('-');
        }
        // Negative numbers reach further than positive ones by one.
        long rest = value < 0 ? value : -value;
        int digits = 1;
        for (long power = -10; digits < 19 && rest <= power; power *= 10) {
            digits++;
        }
        ensure(digits);
        for (int i = length + digits - 1; i >= length; i--) {
            bytes[i] = (byte) ('0' - rest % 10);
            rest /= 10;
        }
        length += digits;
    }

    /** Puts a number that is not negative, with zeros before it up to so many digits. */
    void putPadded(long value, int digits) {
        ensure(digits);
        long rest = value;
        for (int i = length + digits - 1; i >= length; i--) {
            bytes[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        length += digits;
    }

    /** Puts bytes as hexadecimal digits in lower case. */
    void putHex(byte[] source, int from, int count) {
        ensure(2 * count);
        for (int i = from; i < from + count; i++) {
            bytes[length++] = HEX[(source[i] >> 4) & 0xF];
            bytes[length++] = HEX[source[i] & 0xF];
        }
    }

    /** Puts bytes as base64 with padding. */
    void putBase64(byte[] source, int from, int count) {
        ensure(Math.toIntExact(Math.min(LARGEST, (count + 2L) / 3 * 4)));
        int end = from + count;
        int i = from;
        for (; end - i >= 3; i += 3) {
            int bits =
                    (source[i] & 0xFF) << 16 | (source[i + 1] & 0xFF) << 8 | (source[i + 2] & 0xFF);
            bytes[length] = BASE64[bits >> 18];
            bytes[length + 1] = BASE64[(bits >> 12) & 0x3F];
            bytes[length + 2] = BASE64[(bits >> 6) & 0x3F];
            bytes[length + 3] = BASE64[bits & 0x3F];
            length += 4;
        }
        if (i < end) {
            int second = end - i == 2 ? source[i + 1] & 0xFF : 0;
            int bits = (source[i] & 0xFF) << 16 | second << 8;
            bytes[length++] = BASE64[bits >> 18];
            bytes[length++] = BASE64[(bits >> 12) & 0x3F];
            bytes[length++] = end - i == 2 ? BASE64[(bits >> 6) & 0x3F] : (byte) '=';
            bytes[length++] = '=';
        }
    }

    /** Puts a name that needs no escapes, its quotes and a colon. */
    void putPlainName(byte[] source, int from, int end) {
        int count = end - from;
        ensure(count + 3);
        bytes[length] = '"';
        System.arraycopy(source, from, bytes, length + 1, count);
        bytes[length + 1 + count] = '"';
        bytes[length + 2 + count] = ':';
        length += count + 3;
    }

    /**
     * Puts UTF-8 text as a JSON string, with quotes.
     *
     * @param nul may the text hold NUL, written as {@code \u0000}?
     * @return false, and nothing is put, when the text is not well-formed UTF-8 or has a NUL that
     *     it may not have
     */
    boolean putString(byte[] source, int from, int end, boolean nul) {
        int mark = length;
        put('"');
        int at = from;
        while (true) {
            int plain = JsonText.plainEnd(source, at, end);
            put(source, at, plain - at);
            if (plain == end) {
                put('"');
                return true;
            }
            byte special = source[plain];
            if (special < 0 || (special == 0 && !nul)) {
                length = mark;
                return false;
            }
            putEscaped(special);
            at = plain + 1;
        }
    }

    private void putEscaped(byte special) {
        ensure(6);
        bytes[length++] = '\\';
        switch (special) {
            case '"', '\\' -> bytes[length++] = special;
            case '\n' -> bytes[length++] = 'n';
            case '\r' -> bytes[length++] = 'r';
            case '\t' -> bytes[length++] = 't';
            default -> {
                bytes[length++] = 'u';
                bytes[length++] = '0';
                bytes[length++] = '0';
                bytes[length++] = HEX[special >> 4];
                bytes[length++] = HEX[special & 0xF];
            }
        }
    }

    private void ensure(int count) {
        if (count > bytes.length - length) {
            grow(count);
        }
    }

    private void grow(int count) {
        long wanted = (long) length + count;
        if (wanted > LARGEST) {
            throw new MalformedMessageException("a document whose JSON is over 2 GB", 0);
        }
        bytes = Arrays.copyOf(bytes, (int) Math.min(LARGEST, Math.max(wanted, 2L * bytes.length)));
    }
}
