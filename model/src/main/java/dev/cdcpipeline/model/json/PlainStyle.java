package dev.cdcpipeline.model.json;

import static dev.cdcpipeline.model.json.JsonBuffer.ascii;

import dev.cdcpipeline.model.BsonBytes;

/** What a SQL user expects; the table is in docs/reference/bson-to-json.md. */
final class PlainStyle implements JsonStyle {

    private static final byte[] TRUE = ascii("true");
    private static final byte[] FALSE = ascii("false");
    private static final byte[] NULL = ascii("null");
    private static final byte[] NAN = ascii("\"NaN\"");
    private static final byte[] INFINITY = ascii("\"Infinity\"");
    private static final byte[] MINUS_INFINITY = ascii("\"-Infinity\"");
    private static final byte[] MIN_KEY = ascii("\"MinKey\"");
    private static final byte[] MAX_KEY = ascii("\"MaxKey\"");
    private static final byte[] CODE = ascii("{\"code\":");
    private static final byte[] SCOPE = ascii(",\"scope\":");
    private static final byte[] SECONDS = ascii("{\"t\":");
    private static final byte[] INCREMENT = ascii(",\"i\":");
    private static final byte[] REFERENCE = ascii("{\"ref\":");
    private static final byte[] PATTERN = ascii("{\"pattern\":");
    private static final byte[] OPTIONS = ascii(",\"options\":");
    private static final byte[] ID = ascii(",\"id\":\"");
    private static final byte[] END = ascii("\"}");
    private static final byte[] STRING = ascii("{\"$cdc.string\":\"");
    private static final byte[] RAW = ascii("{\"$cdc.raw\":\"");

    private final Doubles doubles = new Doubles();
    private final Decimals decimals = new Decimals();

    @Override
    public boolean put(JsonBuffer out, byte type, byte[] bytes, int at, int end) {
        switch (type) {
            case BsonBytes.STRING, BsonBytes.SYMBOL, BsonBytes.JAVASCRIPT -> {
                return putString(out, bytes, at + 4, end - 1);
            }
            case BsonBytes.INT32 -> out.putLong(BsonBytes.int32(bytes, at));
            case BsonBytes.INT64 -> out.putLong(BsonBytes.int64(bytes, at));
            case BsonBytes.DOUBLE ->
                    putDouble(out, Double.longBitsToDouble(BsonBytes.int64(bytes, at)));
            case BsonBytes.BOOLEAN -> out.put(bytes[at] == 1 ? TRUE : FALSE);
            case BsonBytes.NULL, BsonBytes.UNDEFINED -> out.put(NULL);
            case BsonBytes.OBJECT_ID -> {
                out.put('"');
                out.putHex(bytes, at, 12);
                out.put('"');
            }
            case BsonBytes.DATE_TIME -> {
                out.put('"');
                Dates.put(out, BsonBytes.int64(bytes, at));
                out.put('"');
            }
            case BsonBytes.TIMESTAMP -> putTimestamp(out, bytes, at);
            case BsonBytes.DECIMAL128 ->
                    putDecimal(out, BsonBytes.int64(bytes, at + 8), BsonBytes.int64(bytes, at));
            case BsonBytes.BINARY -> putBinary(out, bytes, at, end);
            case BsonBytes.MIN_KEY -> out.put(MIN_KEY);
            case BsonBytes.MAX_KEY -> out.put(MAX_KEY);
            case BsonBytes.REGULAR_EXPRESSION -> putRegularExpression(out, bytes, at, end);
            case BsonBytes.DB_POINTER -> putDbPointer(out, bytes, at, end);
            default -> throw new IllegalArgumentException("No scalar of BSON type " + type);
        }
        return true;
    }

    /** Always puts something: text that {@code jsonb} cannot hold as the base64 of its bytes. */
    @Override
    public boolean putString(JsonBuffer out, byte[] bytes, int at, int end) {
        if (!out.putString(bytes, at, end, false)) {
            out.put(STRING);
            out.putBase64(bytes, at, end - at);
            out.put(END);
        }
        return true;
    }

    @Override
    public void putRaw(JsonBuffer out, byte type, byte[] bytes, int at, int end) {
        out.put(RAW);
        out.putBase64(bytes, at, end - at);
        out.put(END);
    }

    @Override
    public boolean reserves(byte[] bytes, int nameStart, int nameEnd) {
        return Names.equal("$cdc.raw", bytes, nameStart, nameEnd)
                || Names.equal("$cdc.string", bytes, nameStart, nameEnd);
    }

    @Override
    public boolean keepsArrayNames() {
        return false;
    }

    @Override
    public byte[] beforeCode() {
        return CODE;
    }

    @Override
    public byte[] beforeScope() {
        return SCOPE;
    }

    private void putDouble(JsonBuffer out, double value) {
        if (Double.isNaN(value)) {
            out.put(NAN);
        } else if (Double.isInfinite(value)) {
            out.put(value < 0 ? MINUS_INFINITY : INFINITY);
        } else {
            doubles.put(out, value);
        }
    }

    /** Every finite Decimal128 fits PostgreSQL's numeric: 6145 digits before, 6176 after. */
    private void putDecimal(JsonBuffer out, long high, long low) {
        if (Decimals.isFinite(high, low)) {
            decimals.put(out, high, low);
        } else if ((high & Decimals.NAN) == Decimals.NAN) {
            out.put(NAN);
        } else if ((high & Decimals.NAN) == Decimals.INFINITY) {
            out.put(high < 0 ? MINUS_INFINITY : INFINITY);
        } else {
            // IEEE 754-2008, 3.5.2: a significand over 34 digits means zero.
            out.put('0');
        }
    }

    private static void putTimestamp(JsonBuffer out, byte[] bytes, int at) {
        out.put(SECONDS);
        out.putLong(Integer.toUnsignedLong(BsonBytes.int32(bytes, at + 4)));
        out.put(INCREMENT);
        out.putLong(Integer.toUnsignedLong(BsonBytes.int32(bytes, at)));
        out.put('}');
    }

    /** Subtype 4 is a UUID; the byte order of subtype 3 depends on who wrote it. */
    private static void putBinary(JsonBuffer out, byte[] bytes, int at, int end) {
        int start = at + 5;
        byte subtype = bytes[at + 4];
        out.put('"');
        if (subtype == BsonBytes.BINARY_UUID && end - start == 16) {
            putUuid(out, bytes, start);
        } else {
            boolean nested =
                    subtype == BsonBytes.BINARY_OLD
                            && end - start >= 4
                            && BsonBytes.int32(bytes, start) == end - start - 4;
            int from = nested ? start + 4 : start;
            out.putBase64(bytes, from, end - from);
        }
        out.put('"');
    }

    private static void putUuid(JsonBuffer out, byte[] bytes, int at) {
        out.putHex(bytes, at, 4);
        for (int i = 4; i < 10; i += 2) {
            out.put('-');
            out.putHex(bytes, at + i, 2);
        }
        out.put('-');
        out.putHex(bytes, at + 10, 6);
    }

    private void putRegularExpression(JsonBuffer out, byte[] bytes, int at, int end) {
        int patternEnd = BsonBytes.nameEnd(bytes, at, end);
        out.put(PATTERN);
        putString(out, bytes, at, patternEnd);
        out.put(OPTIONS);
        putString(out, bytes, patternEnd + 1, end - 1);
        out.put('}');
    }

    private void putDbPointer(JsonBuffer out, byte[] bytes, int at, int end) {
        out.put(REFERENCE);
        putString(out, bytes, at + 4, end - 13);
        out.put(ID);
        out.putHex(bytes, end - 12, 12);
        out.put(END);
    }
}
