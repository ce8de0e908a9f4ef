package dev.cdcpipeline.syncer.schema;

import dev.cdcpipeline.model.BsonBytes;
import dev.cdcpipeline.model.BsonCursor;
import dev.cdcpipeline.model.DocumentKey;
import dev.cdcpipeline.model.json.Decimals;

import org.bson.BsonBinary;
import org.bson.BsonDocument;
import org.bson.BsonDouble;
import org.bson.BsonTimestamp;
import org.bson.BsonValue;
import org.bson.RawBsonDocument;
import org.bson.codecs.BsonDocumentCodec;
import org.bson.types.Decimal128;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.UUID;

/**
 * The text under which a document's {@code _id} stands in the column {@code _id}. Injective: two
 * different identifiers, of whatever BSON types, never have the same text.
 *
 * <table>
 *   <caption>Forms</caption>
 *   <tr><td>ObjectId</td><td>{@code 65f1a2b3c4d5e6f708192a3b}</td></tr>
 *   <tr><td>string</td><td>itself; {@code $string:42} where it looks like another form</td></tr>
 *   <tr><td>int32, and int64 beyond it</td><td>{@code 42}</td></tr>
 *   <tr><td>int64 that an int32 could hold</td><td>{@code $long:42}</td></tr>
 *   <tr><td>double, Decimal128</td><td>{@code $double:1.5}, {@code $decimal:1.50}</td></tr>
 *   <tr><td>date</td><td>{@code $date:2026-11-22T10:00:00Z}</td></tr>
 *   <tr><td>timestamp, boolean, null</td><td>{@code $timestamp:1:2}, {@code $bool:true}, {@code $null}</td></tr>
 *   <tr><td>UUID</td><td>{@code $uuid:f47ac10b-58cc-4372-a567-0e02b2c3d479}</td></tr>
 *   <tr><td>other binary</td><td>{@code $binary:00:AQID}, by its subtype</td></tr>
 *   <tr><td>anything else, documents too</td><td>{@code $bson:} and the bytes in base64</td></tr>
 * </table>
 *
 * <p>A text of over 2,000 bytes becomes {@code $sha256:} and its hash: PostgreSQL cannot index much
 * more. Injectivity then rests on SHA-256. The document itself keeps its {@code _id} as it is.
 */
public final class RowKey {
    private static final int MAX_BYTES = 2_000;
    private static final int LONGEST_LONG = 20;
    private static final int OBJECT_ID_DIGITS = 24;
    private static final HexFormat HEX = HexFormat.of();

    private RowKey() {}

    /** The row key of a document's key. */
    public static String of(DocumentKey key) {
        BsonCursor id = key.document().cursor();
        if (id.next() && id.type() == BsonBytes.OBJECT_ID) {
            // The usual case, without the objects that the others take.
            return HEX.formatHex(id.array(), id.valueStart(), id.valueEnd());
        }
        return of(key.id());
    }

    /**
     * The row key of an ObjectId.
     *
     * @param text has its 24 digits in lower case, from {@code start} on
     */
    public static String ofObjectId(byte[] text, int start) {
        return new String(text, start, OBJECT_ID_DIGITS, StandardCharsets.ISO_8859_1);
    }

    /** The row key of an identifier; never empty, never with a NUL character. */
    public static String of(BsonValue id) {
        String text = text(id);
        // A character has at most three bytes per UTF-16 unit: most texts need no counting.
        if (text.length() <= MAX_BYTES / 3) {
            return text;
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return bytes.length <= MAX_BYTES ? text : "$sha256:" + HEX.formatHex(sha256(bytes));
    }

    private static String text(BsonValue id) {
        return switch (id.getBsonType()) {
            case OBJECT_ID -> id.asObjectId().getValue().toHexString();
            case STRING -> string(id);
            case INT32 -> Integer.toString(id.asInt32().getValue());
            case INT64 -> int64(id.asInt64().getValue());
            case DOUBLE -> real(id.asDouble());
            case DECIMAL128 -> decimal(id);
            case DATE_TIME -> "$date:" + Instant.ofEpochMilli(id.asDateTime().getValue());
            case TIMESTAMP -> timestamp(id.asTimestamp());
            case BOOLEAN -> "$bool:" + id.asBoolean().getValue();
            case NULL -> "$null";
            case BINARY -> binary(id.asBinary());
            case DOCUMENT,
                    ARRAY,
                    UNDEFINED,
                    REGULAR_EXPRESSION,
                    DB_POINTER,
                    JAVASCRIPT,
                    SYMBOL,
                    JAVASCRIPT_WITH_SCOPE,
                    MIN_KEY,
                    MAX_KEY,
                    END_OF_DOCUMENT ->
                    bson(id);
        };
    }

    private static String string(BsonValue id) {
        String value = id.asString().getValue();
        if (value.indexOf('\0') >= 0 || value.indexOf('\uFFFD') >= 0 || hasLoneSurrogate(value)) {
            // Not text to PostgreSQL, or perhaps not what the bytes were: the bytes say it.
            return bson(id);
        }
        return looksLikeAnotherForm(value) ? "$string:" + value : value;
    }

    private static boolean looksLikeAnotherForm(String value) {
        return value.isEmpty()
                || value.charAt(0) == '$'
                || isObjectIdHex(value)
                || isInteger(value);
    }

    private static boolean isObjectIdHex(String value) {
        if (value.length() != OBJECT_ID_DIGITS) {
            return false;
        }
        for (int i = 0; i < OBJECT_ID_DIGITS; i++) {
            char c = value.charAt(i);
            if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) {
                return false;
            }
        }
        return true;
    }

    /** Whether all is digits, with a sign perhaps: wider than needed, and quick. */
    private static boolean isInteger(String value) {
        if (value.length() > LONGEST_LONG) {
            return false;
        }
        for (int i = value.charAt(0) == '-' ? 1 : 0; i < value.length(); i++) {
            if (value.charAt(i) < '0' || value.charAt(i) > '9') {
                return false;
            }
        }
        return true;
    }

    private static boolean hasLoneSurrogate(String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (Character.isSurrogate(c)) {
                boolean pair =
                        Character.isHighSurrogate(c)
                                && i + 1 < value.length()
                                && Character.isLowSurrogate(value.charAt(i + 1));
                if (!pair) {
                    return true;
                }
                i++;
            }
        }
        return false;
    }

    private static String int64(long value) {
        return value == (int) value ? "$long:" + value : Long.toString(value);
    }

    private static String real(BsonDouble id) {
        double value = id.getValue();
        long bits = Double.doubleToRawLongBits(value);
        boolean plainNan = bits == Double.doubleToLongBits(Double.NaN);
        return Double.isNaN(value) && !plainNan
                ? "$double:0x" + HEX.toHexDigits(bits)
                : "$double:" + value;
    }

    private static String decimal(BsonValue id) {
        Decimal128 value = id.asDecimal128().getValue();
        long high = value.getHigh();
        long low = value.getLow();
        // Other bits share their text with these (NaN with a payload), or have none that is read
        // back (more digits than 34).
        return Decimals.isCanonical(high, low)
                ? "$decimal:" + value
                : "$decimal:0x" + HEX.toHexDigits(high) + HEX.toHexDigits(low);
    }

    private static String timestamp(BsonTimestamp value) {
        return "$timestamp:"
                + Integer.toUnsignedString(value.getTime())
                + ":"
                + Integer.toUnsignedString(value.getInc());
    }

    private static String binary(BsonBinary value) {
        byte[] data = value.getData();
        if (value.getType() == 4 && data.length == 16) {
            ByteBuffer bits = ByteBuffer.wrap(data);
            return "$uuid:" + new UUID(bits.getLong(), bits.getLong());
        }
        return "$binary:"
                + HEX.toHexDigits(value.getType())
                + ":"
                + Base64.getEncoder().encodeToString(data);
    }

    /** The bytes of {@code {"": id}}, which hold the type too. */
    private static String bson(BsonValue id) {
        var document = new BsonDocument("", id);
        var raw = new RawBsonDocument(document, new BsonDocumentCodec());
        ByteBuffer bytes = raw.getByteBuffer().asNIO();
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(copy);
        return "$bson:" + Base64.getUrlEncoder().withoutPadding().encodeToString(copy);
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
