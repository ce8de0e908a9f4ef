package dev.cdcpipeline.model.json;

/**
 * Writes Decimal128 (IEEE 754-2008, binary integer significand) as the BSON specification's text:
 * every digit and the exponent are kept, so {@code 1.00} stays {@code 1.00}. Not thread-safe, but
 * for what it says of bits.
 */
public final class Decimals {

    static final long INFINITY = 0x7800_0000_0000_0000L;
    static final long NAN = 0x7C00_0000_0000_0000L;

    private static final long SIGN = Long.MIN_VALUE;

    /** 10^34 - 1, the largest significand: its upper 49 bits and its lower 64 bits. */
    private static final long LARGEST_HIGH = 0x1ED09_BEAD_87C0L;

    private static final long LARGEST_LOW = 0x378D_8E63_FFFF_FFFFL;
    private static final int MOST_DIGITS = 36;
    private static final int BILLION = 1_000_000_000;

    private final byte[] digits = new byte[MOST_DIGITS];

    Decimals() {}

    /**
     * Are these the bits that the value's text stands for? MongoDB stores others too: numbers with
     * a significand over 34 digits, infinities and NaN with further bits.
     *
     * @param high the upper 64 bits, with sign and exponent
     * @param low the lower 64 bits
     */
    public static boolean isCanonical(long high, long low) {
        return isFinite(high, low) || isInfinity(high, low) || isNaN(high, low);
    }

    /** Is it a finite number in its only canonical form? */
    static boolean isFinite(long high, long low) {
        if ((high & 0x6000_0000_0000_0000L) == 0x6000_0000_0000_0000L) {
            return false;
        }
        long upper = significandHigh(high);
        return upper < LARGEST_HIGH
                || (upper == LARGEST_HIGH && Long.compareUnsigned(low, LARGEST_LOW) <= 0);
    }

    /** Is it an infinity in its canonical form? */
    static boolean isInfinity(long high, long low) {
        return (high & ~SIGN) == INFINITY && low == 0;
    }

    /** Is it the one canonical NaN? */
    static boolean isNaN(long high, long low) {
        return high == NAN && low == 0;
    }

    /** Puts a number for which {@link #isFinite} holds; valid as a JSON number. */
    void put(JsonBuffer out, long high, long low) {
        int first = digits(significandHigh(high), low);
        int count = MOST_DIGITS - first;
        int exponent = (int) ((high >>> 49) & 0x3FFF) - 6176;
        int adjusted = exponent + count - 1;
        if (high < 0) {
            out.put('-');
        }
        if (exponent > 0 || adjusted < -6) {
            putScientific(out, first, count, adjusted);
        } else if (count > -exponent) {
            out.put(digits, first, count + exponent);
            putFraction(out, 0, MOST_DIGITS + exponent);
        } else {
            out.put('0');
            putFraction(out, -exponent - count, first);
        }
    }

    private void putFraction(JsonBuffer out, int zeros, int from) {
        if (zeros + MOST_DIGITS - from == 0) {
            return;
        }
        out.put('.');
        for (int i = 0; i < zeros; i++) {
            out.put('0');
        }
        out.put(digits, from, MOST_DIGITS - from);
    }

    private void putScientific(JsonBuffer out, int first, int count, int adjusted) {
        out.put(digits, first, 1);
        if (count > 1) {
            putFraction(out, 0, first + 1);
        }
        out.put('E');
        out.put(adjusted < 0 ? '-' : '+');
        out.putLong(Math.abs(adjusted));
    }

    private static long significandHigh(long high) {
        return high & 0x1_FFFF_FFFF_FFFFL;
    }

    /** Puts the significand's digits at the end of the array; returns where they start. */
    private int digits(long high, long low) {
        long w3 = high >>> 32;
        long w2 = high & 0xFFFF_FFFFL;
        long w1 = low >>> 32;
        long w0 = low & 0xFFFF_FFFFL;
        for (int end = MOST_DIGITS; end > 0; end -= 9) {
            w2 |= w3 % BILLION << 32;
            w3 /= BILLION;
            w1 |= w2 % BILLION << 32;
            w2 /= BILLION;
            w0 |= w1 % BILLION << 32;
            w1 /= BILLION;
            int nine = (int) (w0 % BILLION);
            w0 /= BILLION;
            for (int i = end - 1; i >= end - 9; i--) {
                digits[i] = (byte) ('0' + nine % 10);
                nine /= 10;
            }
        }
        int first = 0;
        while (first < MOST_DIGITS - 1 && digits[first] == '0') {
            first++;
        }
        return first;
    }
}
