package dev.cdcpipeline.model.json;

import dev.cdcpipeline.model.BsonBytes;

/** What a JSON string may hold as it is (RFC 8259, section 7), and what well-formed UTF-8 is. */
public final class JsonText {

    private static final long ONES = 0x0101_0101_0101_0101L;
    private static final long HIGH = 0x8080_8080_8080_8080L;
    private static final long SPACES = ONES * ' ';
    private static final long QUOTES = ONES * '"';
    private static final long BACKSLASHES = ONES * '\\';

    private JsonText() {}

    /**
     * How far the text from {@code at} can go into a JSON string, or comes out of one, unchanged:
     * up to a control character, quote, backslash, a byte that is not well-formed UTF-8, or {@code
     * limit}.
     */
    public static int plainEnd(byte[] bytes, int at, int limit) {
        int i = at;
        while (true) {
            i = asciiEnd(bytes, i, limit);
            if (i >= limit) {
                return limit;
            }
            int length = bytes[i] < 0 ? sequenceLength(bytes, i, limit) : 0;
            if (length == 0) {
                return i;
            }
            i += length;
        }
    }

    /** Looks at eight bytes at once, also past the limit where the array goes on. */
    private static int asciiEnd(byte[] bytes, int at, int limit) {
        int lastWord = bytes.length - Long.BYTES;
        int i = at;
        for (; i < limit && i <= lastWord; i += Long.BYTES) {
            long special = special(BsonBytes.int64(bytes, i));
            if (special != 0) {
                return i + (Long.numberOfTrailingZeros(special) >>> 3);
            }
        }
        while (i < limit && bytes[i] >= ' ' && bytes[i] != '"' && bytes[i] != '\\') {
            i++;
        }
        return i;
    }

    /**
     * Marks, by its highest bit, the first byte that is not ASCII, a control, quote or backslash;
     * bytes after it may be marked wrongly, as the subtractions borrow.
     */
    private static long special(long word) {
        long quotes = word ^ QUOTES;
        long backslashes = word ^ BACKSLASHES;
        return ((word - SPACES) | (quotes - ONES) | (backslashes - ONES) | word) & HIGH;
    }

    /**
     * The length of the well-formed UTF-8 sequence of two to four bytes at {@code at} (Unicode
     * standard, table 3-7); 0 when there is none.
     */
    private static int sequenceLength(byte[] bytes, int at, int limit) {
        int first = bytes[at] & 0xFF;
        int left = limit - at;
        if (first >= 0xC2 && first <= 0xDF) {
            return left >= 2 && isTail(bytes[at + 1]) ? 2 : 0;
        }
        if (first >= 0xE0 && first <= 0xEF) {
            return left >= 3 && isSecond(first, bytes[at + 1]) && isTail(bytes[at + 2]) ? 3 : 0;
        }
        if (first >= 0xF0 && first <= 0xF4) {
            boolean wellFormed =
                    left >= 4
                            && isSecond(first, bytes[at + 1])
                            && isTail(bytes[at + 2])
                            && isTail(bytes[at + 3]);
            return wellFormed ? 4 : 0;
        }
        return 0;
    }

    private static boolean isTail(byte b) {
        return (b & 0xC0) == 0x80;
    }

    /** No overlong forms, no surrogates, nothing past U+10FFFF. */
    private static boolean isSecond(int first, byte b) {
        int second = b & 0xFF;
        return switch (first) {
            case 0xE0 -> second >= 0xA0 && second <= 0xBF;
            case 0xED -> second >= 0x80 && second <= 0x9F;
            case 0xF0 -> second >= 0x90 && second <= 0xBF;
            case 0xF4 -> second >= 0x80 && second <= 0x8F;
            default -> isTail(b);
        };
    }
}
