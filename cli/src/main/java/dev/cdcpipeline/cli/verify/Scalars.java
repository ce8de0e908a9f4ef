package dev.cdcpipeline.cli.verify;

import org.bson.BsonBinary;
import org.bson.BsonBinarySubType;
import org.bson.BsonValue;
import org.bson.types.Decimal128;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;

/** Whether a JSON scalar says what a BSON value without parts says. */
final class Scalars {

    private static final int DECIMAL_DIGITS = 34;

    private Scalars() {}

    static boolean says(BsonValue value, Json json) {
        return switch (value.getBsonType()) {
            case DOUBLE -> saysDouble(value.asDouble().getValue(), json);
            case INT32 -> saysNumber(BigDecimal.valueOf(value.asInt32().getValue()), json);
            case INT64 -> saysNumber(BigDecimal.valueOf(value.asInt64().getValue()), json);
            case DECIMAL128 -> saysDecimal(value.asDecimal128().getValue(), json);
            case STRING -> saysText(value.asString().getValue(), json);
            case SYMBOL -> saysText(value.asSymbol().getSymbol(), json);
            case JAVASCRIPT -> saysText(value.asJavaScript().getCode(), json);
            case OBJECT_ID -> saysText(value.asObjectId().getValue().toHexString(), json);
            case BINARY -> saysText(text(value.asBinary()), json);
            case DATE_TIME -> saysInstant(value.asDateTime().getValue(), json);
            case BOOLEAN ->
                    json instanceof Json.Bool(boolean found)
                            && found == value.asBoolean().getValue();
            case NULL, UNDEFINED -> json instanceof Json.Null;
            case MIN_KEY -> saysText("MinKey", json);
            case MAX_KEY -> saysText("MaxKey", json);
            case DOCUMENT,
                    ARRAY,
                    TIMESTAMP,
                    REGULAR_EXPRESSION,
                    DB_POINTER,
                    JAVASCRIPT_WITH_SCOPE,
                    END_OF_DOCUMENT ->
                    false;
        };
    }

    private static boolean saysText(String expected, Json json) {
        return json instanceof Json.Text(String found) && found.equals(expected);
    }

    private static boolean saysNumber(BigDecimal expected, Json json) {
        return json instanceof Json.Numeric(BigDecimal found) && found.compareTo(expected) == 0;
    }

    private static boolean saysDouble(double expected, Json json) {
        return Double.isFinite(expected)
                ? json instanceof Json.Numeric(BigDecimal found) && found.doubleValue() == expected
                : saysText(Double.toString(expected), json);
    }

    private static boolean saysDecimal(Decimal128 expected, Json json) {
        if (expected.isNaN()) {
            return saysText("NaN", json);
        }
        return expected.isInfinite()
                ? saysText(expected.isNegative() ? "-Infinity" : "Infinity", json)
                : saysNumber(exact(expected), json);
    }

    private static BigDecimal exact(Decimal128 finite) {
        try {
            BigDecimal value = finite.bigDecimalValue();
            // IEEE 754 reads a significand that is too long as zero; the library does not.
            return value.precision() > DECIMAL_DIGITS ? BigDecimal.ZERO : value;
        } catch (ArithmeticException negativeZero) {
            // BigDecimal has no negative zero, and neither has jsonb.
            return BigDecimal.ZERO;
        }
    }

    private static boolean saysInstant(long expectedMillis, Json json) {
        try {
            return json instanceof Json.Text(String found)
                    && Instant.parse(found).equals(Instant.ofEpochMilli(expectedMillis));
        } catch (DateTimeException noInstant) {
            return false;
        }
    }

    private static String text(BsonBinary binary) {
        byte[] data = binary.getData();
        if (binary.getType() == BsonBinarySubType.UUID_STANDARD.getValue() && data.length == 16) {
            return binary.asUuid().toString();
        }
        return Base64.getEncoder().encodeToString(data);
    }
}
