package dev.cdcpipeline.model.wire;

import dev.cdcpipeline.model.BsonBuffer;

/**
 * Reads a Decimal128 from its text (BSON specification, decimal128.md). Digits and exponent are
 * kept; a number that needs rounding is refused. Not thread-safe.
 */
final class DecimalText {

    private static final int MOST_DIGITS = 34;
    private static final int LOWEST_EXPONENT = -6176;
    private static final int HIGHEST_EXPONENT = 6111;
    private static final int FAR = 1_000_000;
    private static final long SIGN = Long.MIN_VALUE;
    private static final long INFINITY = 0x7800_0000_0000_0000L;
    private static final long NAN = 0x7C00_0000_0000_0000L;

    private final byte[] digits = new byte[MOST_DIGITS];
    private int count;
    private long exponent;
    private boolean exact;

    /** Puts the 16 bytes of the number; false, and nothing is put, when the text is not one. */
    boolean read(byte[] bytes, int from, int end, BsonBuffer out) {
        boolean negative = from < end && bytes[from] == '-';
        int start = from < end && (bytes[from] == '-' || bytes[from] == '+') ? from + 1 : from;
        long sign = negative ? SIGN : 0;
        if (isWord("infinity", bytes, start, end) || isWord("inf", bytes, start, end)) {
            put(out, sign | INFINITY, 0);
            return true;
        }
        if (isWord("nan", bytes, start, end)) {
            put(out, NAN, 0);
            return true;
        }
        if (!scan(bytes, start, end) || !fit()) {
            return false;
        }
        putNumber(out, sign);
        return true;
    }

    private static boolean isWord(String lower, byte[] bytes, int from, int end) {
        if (end - from != lower.length()) {
            return false;
        }
        for (int i = 0; i < lower.length(); i++) {
            if ((bytes[from + i] | 0x20) != lower.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** Takes the text apart; false when it is not a number. */
    private boolean scan(byte[] bytes, int from, int end) {
        count = 0;
        exponent = 0;
        exact = true;
        boolean point = false;
        boolean any = false;
        int i = from;
        for (; i < end && (bytes[i] | 0x20) != 'e'; i++) {
            byte b = bytes[i];
            if (b == '.' && !point) {
                point = true;
            } else if (b >= '0' && b <= '9') {
                any = true;
                addDigit(b);
                exponent -= point ? 1 : 0;
            } else {
                return false;
            }
        }
        return any && (i == end || scanExponent(bytes, i + 1, end));
    }

    private void addDigit(byte digit) {
        if (count == 0 && digit == '0') {
            return;
        }
        if (count < MOST_DIGITS) {
            digits[count++] = digit;
        } else {
            exact &= digit == '0';
            exponent++;
        }
    }

    private boolean scanExponent(byte[] bytes, int from, int end) {
        boolean minus = from < end && bytes[from] == '-';
        int start = from < end && (minus || bytes[from] == '+') ? from + 1 : from;
        long value = 0;
        for (int i = start; i < end; i++) {
            if (bytes[i] < '0' || bytes[i] > '9') {
                return false;
            }
            value = Math.min(value * 10 + bytes[i] - '0', FAR);
        }
        exponent += minus ? -value : value;
        return start < end;
    }

    /** Brings the exponent into its range if that changes no digit; false when it would. */
    private boolean fit() {
        if (count == 0) {
            exponent = Math.clamp(exponent, LOWEST_EXPONENT, HIGHEST_EXPONENT);
        }
        while (exponent > HIGHEST_EXPONENT && count < MOST_DIGITS) {
            digits[count++] = '0';
            exponent--;
        }
        while (exponent < LOWEST_EXPONENT && count > 0 && digits[count - 1] == '0') {
            count--;
            exponent++;
        }
        return exact && exponent >= LOWEST_EXPONENT && exponent <= HIGHEST_EXPONENT;
    }

    private void putNumber(BsonBuffer out, long sign) {
        long high = 0;
        long low = 0;
        for (int i = 0; i < count; i++) {
            long carry = Math.unsignedMultiplyHigh(low, 10);
            low *= 10;
            high = high * 10 + carry;
            int digit = digits[i] - '0';
            low += digit;
            if (Long.compareUnsigned(low, digit) < 0) {
                high++;
            }
        }
        put(out, sign | (exponent - LOWEST_EXPONENT) << 49 | high, low);
    }

    private static void put(BsonBuffer out, long high, long low) {
        out.putInt64(low);
        out.putInt64(high);
    }
}
