package dev.cdcpipeline.model.wire;

import dev.cdcpipeline.model.BsonBuffer;
import dev.cdcpipeline.model.BsonBytes;

import java.nio.charset.StandardCharsets;

/**
 * Reads numbers: an integer is the smallest of int32 and int64 that holds it, all else a double.
 * Not thread-safe.
 */
final class JsonNumber {

    /** Up to this power ten is exact as a double. */
    private static final int EXACT_POWER = 22;

    private static final double[] POWERS = new double[EXACT_POWER + 1];

    /** Up to here integers are exact as doubles. */
    private static final long EXACT = 1L << 53;

    /** Digits that surely fit a long. */
    private static final int SAFE_DIGITS = 18;

    static {
        for (int i = 0; i < POWERS.length; i++) {
            POWERS[i] = Double.parseDouble("1e" + i);
        }
    }

    private final JsonInput input;

    private boolean negative;
    private long digits;
    private int digitCount;
    private boolean integer;
    private int exponent;

    JsonNumber(JsonInput input) {
        this.input = input;
    }

    /** Reads the number at the input's position into the buffer; returns its BSON type. */
    byte read(BsonBuffer out) {
        int start = input.position();
        scan(input.array(), start, input.limit());
        if (integer && digitCount <= SAFE_DIGITS) {
            return put(out, negative ? -digits : digits);
        }
        if (integer) {
            String text = text(start);
            try {
                return put(out, Long.parseLong(text));
            } catch (NumberFormatException e) {
                // Longer than an int64: a double, as the other readers of Extended JSON have it.
                return put(out, parse(text));
            }
        }
        return put(out, toDouble(start));
    }

    /** Reads a number that must be an integer. */
    long readLong() {
        input.peek();
        int start = input.position();
        scan(input.array(), start, input.limit());
        if (integer) {
            if (digitCount <= SAFE_DIGITS) {
                return negative ? -digits : digits;
            }
            try {
                return Long.parseLong(text(start));
            } catch (NumberFormatException e) {
                throw input.malformed("an integer over 64 bits");
            }
        }
        throw input.malformed("a number where an integer must be");
    }

    /**
     * The number in a part of an array, such as the text in {@code $numberDouble}; NaN when the
     * text is not one.
     */
    static double parse(byte[] bytes, int from, int end) {
        try {
            return Double.parseDouble(
                    new String(bytes, from, end - from, StandardCharsets.ISO_8859_1));
        } catch (NumberFormatException e) {
            return Double.NaN;
        }
    }

    private static byte put(BsonBuffer out, long value) {
        if (value == (int) value) {
            out.putInt32((int) value);
            return BsonBytes.INT32;
        }
        out.putInt64(value);
        return BsonBytes.INT64;
    }

    private static byte put(BsonBuffer out, double value) {
        out.putInt64(Double.doubleToRawLongBits(value));
        return BsonBytes.DOUBLE;
    }

    private void scan(byte[] bytes, int start, int limit) {
        int i = start;
        negative = i < limit && bytes[i] == '-';
        i += negative ? 1 : 0;
        digits = 0;
        digitCount = 0;
        exponent = 0;
        integer = true;
        int first = i;
        i = scanDigits(bytes, i, limit);
        if (i == first || (bytes[first] == '0' && i > first + 1)) {
            throw input.malformed("a value that is not JSON");
        }
        if (i < limit && bytes[i] == '.') {
            integer = false;
            int point = ++i;
            i = scanDigits(bytes, i, limit);
            exponent = point - i;
            if (i == point) {
                throw input.malformed("a number without digits after its point");
            }
        }
        if (i < limit && (bytes[i] | 0x20) == 'e') {
            integer = false;
            i = scanExponent(bytes, i + 1, limit);
        }
        input.moveTo(i);
    }

    private int scanDigits(byte[] bytes, int start, int limit) {
        int i = start;
        for (; i < limit && bytes[i] >= '0' && bytes[i] <= '9'; i++) {
            if (digitCount < SAFE_DIGITS) {
                digits = digits * 10 + bytes[i] - '0';
            }
            if (digitCount > 0 || bytes[i] != '0') {
                digitCount++;
            }
        }
        return i;
    }

    private int scanExponent(byte[] bytes, int start, int limit) {
        int i = start;
        boolean minus = i < limit && bytes[i] == '-';
        if (i < limit && (bytes[i] == '-' || bytes[i] == '+')) {
            i++;
        }
        int first = i;
        int value = 0;
        for (; i < limit && bytes[i] >= '0' && bytes[i] <= '9'; i++) {
            value = Math.min(value * 10 + bytes[i] - '0', 100_000);
        }
        if (i == first) {
            throw input.malformed("a number without digits in its exponent");
        }
        exponent += minus ? -value : value;
        return i;
    }

    /**
     * The double of the number just scanned. Where digits and power of ten are both exact as
     * doubles, one division or multiplication rounds correctly (Clinger, "How to read floating
     * point numbers accurately", 1990).
     */
    private double toDouble(int start) {
        boolean exact =
                digitCount <= SAFE_DIGITS
                        && digits <= EXACT
                        && exponent >= -EXACT_POWER
                        && exponent <= EXACT_POWER;
        if (!exact) {
            return parse(text(start));
        }
        double value = exponent < 0 ? digits / POWERS[-exponent] : digits * POWERS[exponent];
        return negative ? -value : value;
    }

    private double parse(String text) {
        double value = Double.parseDouble(text);
        if (Double.isInfinite(value)) {
            throw input.malformed("a number larger than a double can be");
        }
        return value;
    }

    private String text(int start) {
        return new String(
                input.array(), start, input.position() - start, StandardCharsets.ISO_8859_1);
    }
}
