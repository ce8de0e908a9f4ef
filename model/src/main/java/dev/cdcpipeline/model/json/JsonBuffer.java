package dev.cdcpipeline.model.json;

import dev.cdcpipeline.model.MalformedMessageException;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * JSON text in the making: a byte array that grows and is used again. What is longer than it may
 * hold goes to a sink, or is only counted. Not thread-safe.
 */
final class JsonBuffer {

    private static final int INITIAL = 8 * 1024;

    /** An array larger than this is not kept for the next text. */
    private static final int LARGEST_KEPT = 4 * 1024 * 1024;

    private static final int LARGEST = Integer.MAX_VALUE - 16;
    private static final byte[] HEX = ascii("0123456789abcdef");
    private static final byte[] BASE64 =
            ascii("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");

    /**
     * Of bytes that become base64 in pieces; a multiple of three, so that no padding is between.
     */
    private static final int BASE64_PIECE = 36 * 1024;

    private byte[] bytes = new byte[INITIAL];
    private int length;

    /** How much of the text is not in the array any more. */
    private int spilled;

    private boolean whole;

    /** How much it may hold. */
    private int most = LARGEST;

    /** Where it goes that is more; null to count it only. */
    private @Nullable JsonSink sink;

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Begins a text of any length. */
    void clear() {
        begin(LARGEST, null);
    }

    /** Begins a text of which no more than so many bytes are held; a longer one is counted. */
    void clearFor(int mostBytes) {
        begin(mostBytes, null);
    }

    /** Begins a text whose length is known; {@link #toBytes} need not copy it then. */
    void clearForExactly(int count) {
        begin(LARGEST, null);
        bytes = new byte[count];
    }

    /**
     * Begins a text that goes to a sink; {@link #end} sends the last of it.
     *
     * @param piece about how many bytes are gathered before they go
     */
    void clearFor(JsonSink sink, int piece) {
        begin(piece, sink);
    }

    private void begin(int mostBytes, @Nullable JsonSink to) {
        length = 0;
        spilled = 0;
        whole = true;
        most = mostBytes;
        sink = to;
        if (bytes.length > LARGEST_KEPT) {
            bytes = new byte[INITIAL];
        }
    }

    /** Sends what is left to the sink, and forgets it and what was large. */
    void end() {
        spill();
        clear();
    }

    int length() {
        return spilled + length;
    }

    /** Returns whether the array has all of the text. */
    boolean isWhole() {
        return whole;
    }

    /** Returns whether what was put may have left already, so that it cannot be taken back. */
    boolean leaves() {
        return sink != null;
    }

    /**
     * Takes back all after the first {@code newLength} bytes, which must not have left for a sink.
     */
    void truncate(int newLength) {
        if (newLength >= spilled) {
            length = newLength - spilled;
        } else if (leaves()) {
            throw new IllegalStateException("text cannot be taken back from where it went");
        } else {
            spilled = newLength;
            length = 0;
        }
    }

    /** The text; its array is the caller's. */
    byte[] toBytes() {
        if (bytes.length > length) {
            byte[] text = Arrays.copyOf(bytes, length);
            if (bytes.length > LARGEST_KEPT) {
                bytes = new byte[INITIAL];
            }
            return text;
        }
        byte[] text = bytes;
        bytes = new byte[INITIAL];
        return text;
    }

    void put(char ascii) {
        ensure(1);
        bytes[length++] = (byte) ascii;
    }

    void put(byte[] literal) {
        put(literal, 0, literal.length);
    }

    void put(byte[] source, int from, int count) {
        if (count > bytes.length - length && count > most) {
            spill();
            pass(source, from, count);
            return;
        }
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
        int first = from;
        int left = count;
        for (; most < LARGEST && left > BASE64_PIECE; left -= BASE64_PIECE) {
            putBase64Piece(source, first, BASE64_PIECE);
            first += BASE64_PIECE;
        }
        putBase64Piece(source, first, left);
    }

    private void putBase64Piece(byte[] source, int from, int count) {
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
        if (leaves() && !isText(source, from, end, nul)) {
            return false;
        }
        int mark = length();
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
                truncate(mark);
                return false;
            }
            putEscaped(special);
            at = plain + 1;
        }
    }

    private static boolean isText(byte[] source, int from, int end, boolean nul) {
        for (int at = from; ; at++) {
            at = JsonText.plainEnd(source, at, end);
            if (at == end) {
                return true;
            }
            if (source[at] < 0 || (source[at] == 0 && !nul)) {
                return false;
            }
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
        if ((long) spilled + length + count > LARGEST) {
            throw new MalformedMessageException("a document whose JSON is over 2 GB", 0);
        }
        if ((long) length + count > most) {
            spill();
        }
        long wanted = (long) length + count;
        if (wanted > bytes.length) {
            long doubled = Math.min(most, 2L * bytes.length);
            bytes = Arrays.copyOf(bytes, (int) Math.max(wanted, doubled));
        }
    }

    private void spill() {
        pass(bytes, 0, length);
        length = 0;
    }

    private void pass(byte[] source, int from, int count) {
        whole = false;
        if (sink != null) {
            sink.write(source, from, count);
        }
        spilled = Math.addExact(spilled, count);
    }
}
