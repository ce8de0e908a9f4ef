package dev.cdcpipeline.model.json;

import static dev.cdcpipeline.model.json.JsonBuffer.ascii;

import dev.cdcpipeline.model.BsonBytes;

/**
 * MongoDB Extended JSON v2 (github.com/mongodb/specifications, extended-json.md): relaxed where
 * reading it back gives the same bytes, canonical where not, {@code $cdc.raw} where neither can.
 */
final class ExtendedStyle implements JsonStyle {

    private static final byte[] TRUE = ascii("true");
    private static final byte[] FALSE = ascii("false");
    private static final byte[] NULL = ascii("null");
    private static final byte[] END = ascii("\"}");
    private static final byte[] END_2 = ascii("\"}}");
    private static final byte[] OID = ascii("{\"$oid\":\"");
    private static final byte[] DATE = ascii("{\"$date\":\"");
    private static final byte[] DATE_MILLIS = ascii("{\"$date\":{\"$numberLong\":\"");
    private static final byte[] LONG = ascii("{\"$numberLong\":\"");
    private static final byte[] DOUBLE = ascii("{\"$numberDouble\":\"");
    private static final byte[] DECIMAL = ascii("{\"$numberDecimal\":\"");
    private static final byte[] NAN = ascii("NaN");
    private static final byte[] INFINITY = ascii("Infinity");
    private static final byte[] BINARY = ascii("{\"$binary\":{\"base64\":\"");
    private static final byte[] SUBTYPE = ascii("\",\"subType\":\"");
    private static final byte[] UNDEFINED = ascii("{\"$undefined\":true}");
    private static final byte[] MIN_KEY = ascii("{\"$minKey\":1}");
    private static final byte[] MAX_KEY = ascii("{\"$maxKey\":1}");
    private static final byte[] REGEX = ascii("{\"$regularExpression\":{\"pattern\":");
    private static final byte[] OPTIONS = ascii(",\"options\":");
    private static final byte[] SYMBOL = ascii("{\"$symbol\":");
    private static final byte[] CODE = ascii("{\"$code\":");
    private static final byte[] SCOPE = ascii(",\"$scope\":");
    private static final byte[] DB_POINTER = ascii("{\"$dbPointer\":{\"$ref\":");
    private static final byte[] POINTER_ID = ascii(",\"$id\":{\"$oid\":\"");
    private static final byte[] TIMESTAMP = ascii("{\"$timestamp\":{\"t\":");
    private static final byte[] INCREMENT = ascii(",\"i\":");
    private static final byte[] RAW = ascii("{\"$cdc.raw\":\"");
    private static final byte[] RAW_VALUE = ascii("{\"$cdc.raw\":{\"base64\":\"");
    private static final byte[] RAW_TYPE = ascii("\",\"type\":\"");

    private static final long CANONICAL_NAN = Double.doubleToRawLongBits(Double.NaN);

    private final boolean jsonb;
    private final Doubles doubles = new Doubles();
    private final Decimals decimals = new Decimals();

    /**
     * @param jsonb shall PostgreSQL's {@code jsonb} be able to hold it and keep it? Then a string
     *     with NUL is raw, and doubles that {@code numeric} would change are canonical
     */
    ExtendedStyle(boolean jsonb) {
        this.jsonb = jsonb;
    }

    @Override
    public boolean put(JsonBuffer out, byte type, byte[] bytes, int at, int end) {
        switch (type) {
            case BsonBytes.STRING -> {
                return putString(out, bytes, at + 4, end - 1);
            }
            case BsonBytes.INT32 -> out.putLong(BsonBytes.int32(bytes, at));
            case BsonBytes.INT64 -> putInt64(out, BsonBytes.int64(bytes, at));
            case BsonBytes.DOUBLE -> {
                return putDouble(out, bytes, at);
            }
            case BsonBytes.BOOLEAN -> out.put(bytes[at] == 1 ? TRUE : FALSE);
            case BsonBytes.NULL -> out.put(NULL);
            case BsonBytes.OBJECT_ID -> putObjectId(out, OID, END, bytes, at);
            case BsonBytes.DATE_TIME -> putDate(out, BsonBytes.int64(bytes, at));
            case BsonBytes.TIMESTAMP -> putTimestamp(out, bytes, at);
            case BsonBytes.DECIMAL128 -> {
                return putDecimal(out, BsonBytes.int64(bytes, at + 8), BsonBytes.int64(bytes, at));
            }
            case BsonBytes.BINARY -> {
                return putBinary(out, bytes, at, end);
            }
            case BsonBytes.UNDEFINED -> out.put(UNDEFINED);
            case BsonBytes.MIN_KEY -> out.put(MIN_KEY);
            case BsonBytes.MAX_KEY -> out.put(MAX_KEY);
            case BsonBytes.REGULAR_EXPRESSION -> {
                return putRegularExpression(out, bytes, at, end);
            }
            case BsonBytes.DB_POINTER -> {
                return putDbPointer(out, bytes, at, end);
            }
            case BsonBytes.SYMBOL -> {
                return putWrapped(out, SYMBOL, bytes, at, end);
            }
            case BsonBytes.JAVASCRIPT -> {
                return putWrapped(out, CODE, bytes, at, end);
            }
            default -> throw new IllegalArgumentException("No scalar of BSON type " + type);
        }
        return true;
    }

    @Override
    public boolean putString(JsonBuffer out, byte[] bytes, int at, int end) {
        return out.putString(bytes, at, end, !jsonb);
    }

    @Override
    public void putRaw(JsonBuffer out, byte type, byte[] bytes, int at, int end) {
        if (type == BsonBytes.DOCUMENT) {
            out.put(RAW);
            out.putBase64(bytes, at, end - at);
            out.put(END);
        } else {
            out.put(RAW_VALUE);
            out.putBase64(bytes, at, end - at);
            out.put(RAW_TYPE);
            out.putHex(new byte[] {type}, 0, 1);
            out.put(END_2);
        }
    }

    @Override
    public boolean reserves(byte[] bytes, int nameStart, int nameEnd) {
        return Wrapper.of(bytes, nameStart, nameEnd) != null;
    }

    @Override
    public boolean keepsArrayNames() {
        return true;
    }

    @Override
    public byte[] beforeCode() {
        return CODE;
    }

    @Override
    public byte[] beforeScope() {
        return SCOPE;
    }

    /** A number that reads back as int32 needs the wrapper. */
    private static void putInt64(JsonBuffer out, long value) {
        if (value == (int) value) {
            out.put(LONG);
            out.putLong(value);
            out.put(END);
        } else {
            out.putLong(value);
        }
    }

    private boolean putDouble(JsonBuffer out, byte[] bytes, int at) {
        long bits = BsonBytes.int64(bytes, at);
        double value = Double.longBitsToDouble(bits);
        if (Double.isNaN(value)) {
            if (bits == CANONICAL_NAN) {
                putSpecial(out, DOUBLE, NAN, false);
            }
            return bits == CANONICAL_NAN;
        }
        if (Double.isInfinite(value)) {
            putSpecial(out, DOUBLE, INFINITY, value < 0);
        } else if (jsonb && Doubles.changesInNumeric(value)) {
            out.put(DOUBLE);
            doubles.put(out, value);
            out.put(END);
        } else {
            doubles.put(out, value);
        }
        return true;
    }

    private boolean putDecimal(JsonBuffer out, long high, long low) {
        if (Decimals.isFinite(high, low)) {
            out.put(DECIMAL);
            decimals.put(out, high, low);
            out.put(END);
        } else if (Decimals.isInfinity(high, low)) {
            putSpecial(out, DECIMAL, INFINITY, high < 0);
        } else if (Decimals.isNaN(high, low)) {
            putSpecial(out, DECIMAL, NAN, false);
        } else {
            return false;
        }
        return true;
    }

    private static void putSpecial(
            JsonBuffer out, byte[] wrapper, byte[] number, boolean negative) {
        out.put(wrapper);
        if (negative) {
            out.put('-');
        }
        out.put(number);
        out.put(END);
    }

    private static void putObjectId(
            JsonBuffer out, byte[] before, byte[] after, byte[] bytes, int at) {
        out.put(before);
        out.putHex(bytes, at, 12);
        out.put(after);
    }

    private static void putDate(JsonBuffer out, long millis) {
        if (millis >= Dates.FIRST_RELAXED && millis <= Dates.LAST_RELAXED) {
            out.put(DATE);
            Dates.put(out, millis);
            out.put(END);
        } else {
            out.put(DATE_MILLIS);
            out.putLong(millis);
            out.put(END_2);
        }
    }

    private static void putTimestamp(JsonBuffer out, byte[] bytes, int at) {
        out.put(TIMESTAMP);
        out.putLong(Integer.toUnsignedLong(BsonBytes.int32(bytes, at + 4)));
        out.put(INCREMENT);
        out.putLong(Integer.toUnsignedLong(BsonBytes.int32(bytes, at)));
        out.put('}');
        out.put('}');
    }

    /** Subtype 2 repeats its length inside, which the specification leaves out of the base64. */
    private static boolean putBinary(JsonBuffer out, byte[] bytes, int at, int end) {
        int start = at + 5;
        if (bytes[at + 4] == BsonBytes.BINARY_OLD) {
            boolean usual = end - start >= 4 && BsonBytes.int32(bytes, start) == end - start - 4;
            if (!usual) {
                return false;
            }
            start += 4;
        }
        out.put(BINARY);
        out.putBase64(bytes, start, end - start);
        out.put(SUBTYPE);
        out.putHex(bytes, at + 4, 1);
        out.put(END_2);
        return true;
    }

    private static boolean putRegularExpression(JsonBuffer out, byte[] bytes, int at, int end) {
        int mark = out.length();
        int patternEnd = BsonBytes.nameEnd(bytes, at, end);
        out.put(REGEX);
        if (out.putString(bytes, at, patternEnd, false)) {
            out.put(OPTIONS);
            if (out.putString(bytes, patternEnd + 1, end - 1, false)) {
                out.put('}');
                out.put('}');
                return true;
            }
        }
        out.truncate(mark);
        return false;
    }

    private boolean putDbPointer(JsonBuffer out, byte[] bytes, int at, int end) {
        int mark = out.length();
        int id = end - 12;
        out.put(DB_POINTER);
        if (putString(out, bytes, at + 4, id - 1)) {
            putObjectId(out, POINTER_ID, END_2, bytes, id);
            out.put('}');
            return true;
        }
        out.truncate(mark);
        return false;
    }

    private boolean putWrapped(JsonBuffer out, byte[] before, byte[] bytes, int at, int end) {
        int mark = out.length();
        out.put(before);
        if (putString(out, bytes, at + 4, end - 1)) {
            out.put('}');
            return true;
        }
        out.truncate(mark);
        return false;
    }
}
