package dev.cdcpipeline.model;

import dev.cdcpipeline.model.json.Decimals;

import org.bson.types.Decimal128;
import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;

/**
 * The one form of all BSON numbers of one value: an int32 if it holds the value, else an int64,
 * else a double, else the Decimal128 with the fewest digits. Zero has no sign, NaN neither sign nor
 * payload, and bits of a Decimal128 that mean no number of their own mean what they do to MongoDB:
 * zero, an infinity or NaN.
 */
final class CanonicalNumber {

    private static final double LONG_END = 0x1p63;
    private static final long NAN = Double.doubleToLongBits(Double.NaN);

    /** A number of more digits before the point is beyond int64. */
    private static final int LONG_DIGITS = 19;

    /** The upper bits of a Decimal128 that is no number, and those that say what it is. */
    private static final long DECIMAL_SPECIAL = 0x7800_0000_0000_0000L;

    private static final long DECIMAL_NAN = 0x7C00_0000_0000_0000L;
    private static final long DECIMAL_DIGITS = 0x1_FFFF_FFFF_FFFFL;

    private CanonicalNumber() {}

    static boolean isInt64(long value) {
        return value != (int) value;
    }

    static boolean isDouble(long bits) {
        double value = Double.longBitsToDouble(bits);
        return Double.isNaN(value) ? bits == NAN : !isIntegral(value);
    }

    /** Returns whether an int64 has this value; also for a zero with a sign. */
    private static boolean isIntegral(double value) {
        return value >= -LONG_END && value < LONG_END && (long) value == value;
    }

    /**
     * Of a Decimal128.
     *
     * @param high the upper 64 bits, with sign and exponent
     * @param low the lower 64 bits
     */
    static boolean isDecimal(long high, long low) {
        Decimal128 own = decimal(high, low);
        return own != null && own.getHigh() == high && own.getLow() == low;
    }

    static byte putInt64(BsonBuffer out, long value) {
        if (isInt64(value)) {
            out.putInt64(value);
            return BsonBytes.INT64;
        }
        out.putInt32((int) value);
        return BsonBytes.INT32;
    }

    static byte putDouble(BsonBuffer out, long bits) {
        double value = Double.longBitsToDouble(bits);
        if (isIntegral(value)) {
            return putInt64(out, (long) value);
        }
        out.putInt64(Double.isNaN(value) ? NAN : bits);
        return BsonBytes.DOUBLE;
    }

    static byte putDecimal(BsonBuffer out, long high, long low) {
        Decimal128 own = decimal(high, low);
        if (own != null) {
            out.putInt64(own.getLow());
            out.putInt64(own.getHigh());
            return BsonBytes.DECIMAL128;
        }
        if (isSpecial(high)) {
            boolean isNan = (high & DECIMAL_NAN) == DECIMAL_NAN;
            double infinity = high < 0 ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
            return putDouble(out, Double.doubleToLongBits(isNan ? Double.NaN : infinity));
        }
        if (isZero(high, low)) {
            return putInt64(out, 0);
        }
        BigDecimal value = value(high, low);
        return isLong(value)
                ? putInt64(out, value.longValueExact())
                : putDouble(out, Double.doubleToLongBits(value.doubleValue()));
    }

    /** The Decimal128 with this value; null if another type has it. */
    private static @Nullable Decimal128 decimal(long high, long low) {
        if (isSpecial(high) || isZero(high, low)) {
            return null;
        }
        BigDecimal value = value(high, low);
        return isLong(value) || isDouble(value) ? null : new Decimal128(value);
    }

    private static boolean isSpecial(long high) {
        return (high & DECIMAL_SPECIAL) == DECIMAL_SPECIAL;
    }

    /** A significand of more than 34 digits counts as zero. */
    private static boolean isZero(long high, long low) {
        return !Decimals.isCanonical(high, low) || ((high & DECIMAL_DIGITS) == 0 && low == 0);
    }

    private static BigDecimal value(long high, long low) {
        return Decimal128.fromIEEE754BIDEncoding(high, low).bigDecimalValue().stripTrailingZeros();
    }

    private static boolean isLong(BigDecimal value) {
        return value.scale() <= 0
                && value.precision() - value.scale() <= LONG_DIGITS
                && value.toBigInteger().bitLength() < Long.SIZE;
    }

    private static boolean isDouble(BigDecimal value) {
        double nearest = value.doubleValue();
        return Double.isFinite(nearest) && new BigDecimal(nearest).compareTo(value) == 0;
    }
}
