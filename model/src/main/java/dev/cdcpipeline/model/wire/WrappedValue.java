package dev.cdcpipeline.model.wire;

import dev.cdcpipeline.model.BsonBuffer;
import dev.cdcpipeline.model.BsonBytes;
import dev.cdcpipeline.model.json.Wrapper;

/**
 * Reads the objects by which Extended JSON says a value, from after the first name to the closing
 * brace. Names inside may come in any order, as PostgreSQL's {@code jsonb} changes it.
 */
final class WrappedValue {

    /** The type of what is not such an object but a document; no BSON type has this number. */
    static final byte NOT_WRAPPED = 0;

    private final JsonInput input;
    private final JsonNumber number;
    private final JsonToBson values;
    private final WrappedBinary binary;
    private final DecimalText decimal = new DecimalText();

    WrappedValue(JsonInput input, JsonNumber number, JsonToBson values) {
        this.input = input;
        this.number = number;
        this.values = values;
        this.binary = new WrappedBinary(input, number);
    }

    /**
     * Puts the value.
     *
     * @param depth how many documents and arrays enclose it, counting itself
     * @return its BSON type, or {@link #NOT_WRAPPED}, and then nothing is put and the input stands
     *     anywhere
     */
    byte read(Wrapper wrapper, int depth) {
        if (wrapper == Wrapper.REGEX) {
            return readLegacyRegularExpression();
        }
        BsonBuffer out = values.out();
        input.expect(':');
        byte type =
                switch (wrapper) {
                    case OID -> readObjectId(out);
                    case DATE -> readDate(out);
                    case NUMBER_LONG -> putLong(out, BsonBytes.INT64, readQuotedLong());
                    case NUMBER_INT -> readInt32(out);
                    case NUMBER_DOUBLE -> readDouble(out);
                    case NUMBER_DECIMAL -> readDecimal(out);
                    case TIMESTAMP -> readTimestamp(out);
                    case BINARY -> binary.readBinary(out);
                    case UUID -> binary.readUuid(out);
                    case RAW -> binary.readRaw(out, depth);
                    case REGULAR_EXPRESSION -> readRegularExpression(out);
                    case REGEX -> throw new AssertionError("read above");
                    case UNDEFINED -> {
                        input.peek();
                        input.expectWord("true");
                        yield BsonBytes.UNDEFINED;
                    }
                    case MIN_KEY -> readKey(BsonBytes.MIN_KEY);
                    case MAX_KEY -> readKey(BsonBytes.MAX_KEY);
                    case CODE -> readCode(out, depth);
                    case SYMBOL -> {
                        values.readString();
                        yield BsonBytes.SYMBOL;
                    }
                    case DB_POINTER -> readDbPointer(out);
                };
        input.expect('}');
        return type;
    }

    private byte readObjectId(BsonBuffer out) {
        input.readToken();
        int length = input.tokenEnd() - input.tokenStart();
        if (length != 24
                || !EncodedBytes.readHex(
                        input.token(), input.tokenStart(), input.tokenEnd(), out)) {
            throw input.malformed("an ObjectId that is not 24 hexadecimal digits");
        }
        return BsonBytes.OBJECT_ID;
    }

    private byte readDate(BsonBuffer out) {
        long millis =
                switch (input.peek()) {
                    case '"' -> readIsoDate();
                    case '{' -> readCanonicalDate();
                    default -> number.readLong();
                };
        return putLong(out, BsonBytes.DATE_TIME, millis);
    }

    private long readIsoDate() {
        input.readToken();
        long millis = DateText.millis(input.token(), input.tokenStart(), input.tokenEnd());
        if (millis == DateText.NOT_A_DATE) {
            throw input.malformed("a date that is not ISO 8601");
        }
        return millis;
    }

    private long readCanonicalDate() {
        input.expect('{');
        expectName("$numberLong");
        long millis = readQuotedLong();
        input.expect('}');
        return millis;
    }

    private byte readInt32(BsonBuffer out) {
        long value = readQuotedLong();
        if (value != (int) value) {
            throw input.malformed("an int32 over 32 bits");
        }
        out.putInt32((int) value);
        return BsonBytes.INT32;
    }

    private static byte putLong(BsonBuffer out, byte type, long value) {
        out.putInt64(value);
        return type;
    }

    /** An integer of 64 bits in a string. */
    private long readQuotedLong() {
        input.readToken();
        byte[] text = input.token();
        int start = input.tokenStart();
        int end = input.tokenEnd();
        boolean negative = start < end && text[start] == '-';
        int at = negative ? start + 1 : start;
        // Negative numbers reach further than positive ones by one.
        long value = 0;
        boolean fits = at < end;
        for (; fits && at < end; at++) {
            int digit = text[at] - '0';
            fits = digit >= 0 && digit <= 9 && value >= (Long.MIN_VALUE + digit) / 10;
            value = value * 10 - digit;
        }
        if (!fits || (!negative && value == Long.MIN_VALUE)) {
            throw input.malformed("an integer that is not one or does not fit");
        }
        return negative ? value : -value;
    }

    private byte readDouble(BsonBuffer out) {
        input.readToken();
        double value = JsonNumber.parse(input.token(), input.tokenStart(), input.tokenEnd());
        if (Double.isNaN(value) && !input.tokenIs("NaN")) {
            throw input.malformed("a double that is not a number");
        }
        return putLong(out, BsonBytes.DOUBLE, Double.doubleToLongBits(value));
    }

    private byte readDecimal(BsonBuffer out) {
        input.readToken();
        if (!decimal.read(input.token(), input.tokenStart(), input.tokenEnd(), out)) {
            throw input.malformed("a Decimal128 that is not a number or does not fit");
        }
        return BsonBytes.DECIMAL128;
    }

    private byte readTimestamp(BsonBuffer out) {
        input.expect('{');
        long seconds = -1;
        long increment = -1;
        do {
            input.readToken();
            boolean isSeconds = input.tokenIs("t");
            if (!isSeconds && !input.tokenIs("i")) {
                throw input.malformed("a timestamp with another name than t and i");
            }
            input.expect(':');
            long part = number.readLong();
            if (part < 0 || part > 0xFFFF_FFFFL) {
                throw input.malformed("a timestamp over 32 bits");
            }
            seconds = isSeconds ? part : seconds;
            increment = isSeconds ? increment : part;
        } while (input.accept(','));
        input.expect('}');
        if (seconds < 0 || increment < 0) {
            throw input.malformed("a timestamp without t or i");
        }
        out.putInt32((int) increment);
        out.putInt32((int) seconds);
        return BsonBytes.TIMESTAMP;
    }

    private byte readRegularExpression(BsonBuffer out) {
        int start = out.length();
        input.expect('{');
        input.readToken();
        boolean patternFirst = input.tokenIs("pattern");
        checkName(patternFirst || input.tokenIs("options"));
        input.expect(':');
        readCstring(out);
        int second = out.length();
        input.expect(',');
        expectName(patternFirst ? "options" : "pattern");
        readCstring(out);
        input.expect('}');
        if (!patternFirst) {
            moveFirstBehind(out, start, second);
        }
        return BsonBytes.REGULAR_EXPRESSION;
    }

    /** Swaps two neighbours. */
    private static void moveFirstBehind(BsonBuffer out, int start, int second) {
        int end = out.length();
        out.putBytes(out.array(), start, second - start);
        out.truncate(start);
        out.putBytes(out.array(), second, end - start);
    }

    private void readCstring(BsonBuffer out) {
        input.peek();
        input.readName(out);
    }

    /**
     * The form {@code {"$regex": "...", "$options": "..."}}. All else is a document, such as a
     * query that somebody stored, as the specification has it.
     */
    private byte readLegacyRegularExpression() {
        BsonBuffer out = values.out();
        int start = out.length();
        input.expect(':');
        if (input.peek() == '"') {
            readCstring(out);
            if (input.accept(',') && input.peek() == '"') {
                input.readToken();
                if (input.tokenIs("$options") && input.accept(':') && input.peek() == '"') {
                    readCstring(out);
                    if (input.accept('}')) {
                        return BsonBytes.REGULAR_EXPRESSION;
                    }
                }
            }
        }
        out.truncate(start);
        return NOT_WRAPPED;
    }

    /** {@code "$minKey": 1}. */
    private byte readKey(byte type) {
        if (number.readLong() != 1) {
            throw input.malformed("a key that is not 1");
        }
        return type;
    }

    private byte readCode(BsonBuffer out, int depth) {
        int start = out.length();
        values.readString();
        if (!input.accept(',')) {
            return BsonBytes.JAVASCRIPT;
        }
        int length = out.length() - start;
        out.putInt32(0);
        byte[] bytes = out.array();
        System.arraycopy(bytes, start, bytes, start + 4, length);
        expectName("$scope");
        values.readScope(depth);
        out.setInt32(start, out.length() - start);
        return BsonBytes.JAVASCRIPT_WITH_SCOPE;
    }

    private byte readDbPointer(BsonBuffer out) {
        input.expect('{');
        boolean hasReference = false;
        int idAt = -1;
        do {
            input.readToken();
            if (input.tokenIs("$ref") && !hasReference) {
                input.expect(':');
                values.readString();
                hasReference = true;
            } else {
                checkName(input.tokenIs("$id") && idAt < 0);
                input.expect(':');
                input.expect('{');
                expectName("$oid");
                idAt = out.length();
                readObjectId(out);
                input.expect('}');
            }
        } while (input.accept(','));
        input.expect('}');
        if (!hasReference || idAt < 0) {
            throw input.malformed("a DBPointer without $ref or $id");
        }
        if (out.length() > idAt + 12) {
            moveFirstBehind(out, idAt, idAt + 12);
        }
        return BsonBytes.DB_POINTER;
    }

    private void expectName(String name) {
        input.readToken();
        checkName(input.tokenIs(name));
        input.expect(':');
    }

    private void checkName(boolean expected) {
        if (!expected) {
            throw input.malformed("a name that Extended JSON does not have there");
        }
    }
}
