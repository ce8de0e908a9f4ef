package dev.cdcpipeline.syncer.schema;

import dev.cdcpipeline.model.BsonBuffer;
import dev.cdcpipeline.model.BsonBytes;
import dev.cdcpipeline.model.BsonCursor;
import dev.cdcpipeline.model.DocumentKey;

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
 * The text under which a document's {@code _id} stands in the column {@code _id}: that of its
 * {@linkplain DocumentKey#canonical canonical} form, so that what MongoDB takes for one {@code _id}
 * is one row. Injective: two different identifiers, of whatever BSON types, never have the same
 * text, nor have two that differ only in bytes: text that is not UTF-8, names twice in a document.
 *
 * <table>
 *   <caption>Forms</caption>
 *   <tr><td>ObjectId</td><td>{@code 65f1a2b3c4d5e6f708192a3b}</td></tr>
 *   <tr><td>string</td><td>itself; {@code $string:42} where it looks like another form</td></tr>
 *   <tr><td>number that an int64 could hold</td><td>{@code 42}</td></tr>
 *   <tr><td>other number that a double could hold</td><td>{@code $double:1.5}</td></tr>
 *   <tr><td>other Decimal128</td><td>{@code $decimal:0.1}</td></tr>
 *   <tr><td>date</td><td>{@code $date:2026-11-22T10:00:00Z}</td></tr>
 *   <tr><td>timestamp, boolean, null</td><td>{@code $timestamp:1:2}, {@code $bool:true}, {@code $null}</td></tr>
 *   <tr><td>UUID</td><td>{@code $uuid:f47ac10b-58cc-4372-a567-0e02b2c3d479}</td></tr>
 *   <tr><td>other binary</td><td>{@code $binary:00:AQID}, by its subtype</td></tr>
 *   <tr><td>anything else, documents too</td><td>{@code $bson:} and the bytes of {@code {"": id}} in base64</td></tr>
 * </table>
 *
 * <p>A text of over 2,000 bytes becomes {@code $sha256:} and its hash: PostgreSQL cannot index much
 * more. Injectivity then rests on SHA-256. The document itself keeps its {@code _id} as it is.
 * {@link FormerRowKey} knows the forms of rows that were written before.
 */
public final class RowKey {
    static final String DOUBLE = "$double:";
    static final String DECIMAL = "$decimal:";
    static final String BSON = "$bson:";
    static final String SHA256 = "$sha256:";

    private static final int MAX_BYTES = 2_000;
    private static final int LONGEST_LONG = 20;
    private static final int OBJECT_ID_DIGITS = 24;

    /** What decoding puts in place of what is not UTF-8. */
    private static final char REPLACEMENT = '\uFFFD';

    /** The bytes of a document with one field without a name, besides the value. */
    private static final int ENCLOSING = 7;

    private static final HexFormat HEX = HexFormat.of();

    private RowKey() {}

    /** The row key of a document's key; never empty, never with a NUL character. */
    public static String of(DocumentKey key) {
        BsonCursor id = key.document().cursor();
        if (id.next() && id.type() == BsonBytes.OBJECT_ID) {
            // The usual case. The cursor goes no further: so the JVM need not make it.
            return HEX.formatHex(id.array(), id.valueStart(), id.valueEnd());
        }
        return fit(text(key.canonical()));
    }

    /**
     * The row key of an ObjectId.
     *
     * @param text has its 24 digits in lower case, from {@code start} on
     */
    public static String ofObjectId(byte[] text, int start) {
        return new String(text, start, OBJECT_ID_DIGITS, StandardCharsets.ISO_8859_1);
    }

    private static String fit(String text) {
        // A character has at most three bytes per UTF-16 unit: most texts need no counting.
        if (text.length() <= MAX_BYTES / 3) {
            return text;
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return bytes.length <= MAX_BYTES ? text : SHA256 + HEX.formatHex(sha256(bytes));
    }

    /** Read from the bytes: an object of the bson library may have lost what sets two apart. */
    private static String text(DocumentKey key) {
        BsonCursor id = key.document().cursor();
        if (!id.next()) {
            throw new IllegalStateException("A document key has always one field.");
        }
        byte[] bytes = id.array();
        int at = id.valueStart();
        return switch (id.type()) {
            case BsonBytes.STRING -> string(id);
            case BsonBytes.INT32 -> Integer.toString(BsonBytes.int32(bytes, at));
            case BsonBytes.INT64 -> Long.toString(BsonBytes.int64(bytes, at));
            case BsonBytes.DOUBLE -> DOUBLE + Double.longBitsToDouble(BsonBytes.int64(bytes, at));
            case BsonBytes.DECIMAL128 ->
                    decimal(BsonBytes.int64(bytes, at + 8), BsonBytes.int64(bytes, at));
            case BsonBytes.DATE_TIME -> "$date:" + Instant.ofEpochMilli(BsonBytes.int64(bytes, at));
            case BsonBytes.TIMESTAMP -> timestamp(BsonBytes.int64(bytes, at));
            case BsonBytes.BOOLEAN -> "$bool:" + (bytes[at] != 0);
            case BsonBytes.NULL -> "$null";
            case BsonBytes.BINARY -> binary(id);
            default -> bson(id);
        };
    }

    private static String string(BsonCursor id) {
        int start = id.valueStart() + Integer.BYTES;
        int length = id.valueEnd() - 1 - start;
        String value = new String(id.array(), start, length, StandardCharsets.UTF_8);
        if (value.indexOf('\0') >= 0 || value.indexOf(REPLACEMENT) >= 0) {
            // Not text to PostgreSQL, or perhaps not UTF-8, of which decoding leaves the same.
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

    private static String decimal(long high, long low) {
        return DECIMAL + Decimal128.fromIEEE754BIDEncoding(high, low);
    }

    private static String timestamp(long bits) {
        return "$timestamp:"
                + Integer.toUnsignedString((int) (bits >>> 32))
                + ":"
                + Integer.toUnsignedString((int) bits);
    }

    private static String binary(BsonCursor id) {
        byte[] bytes = id.array();
        byte subtype = bytes[id.valueStart() + Integer.BYTES];
        int start = id.valueStart() + Integer.BYTES + 1;
        int end = id.valueEnd();
        if (subtype == BsonBytes.BINARY_UUID && end - start == 2 * Long.BYTES) {
            ByteBuffer bits = ByteBuffer.wrap(bytes, start, end - start);
            return "$uuid:" + new UUID(bits.getLong(), bits.getLong());
        }
        if (subtype == BsonBytes.BINARY_OLD) {
            start += Integer.BYTES;
            if (start > end || BsonBytes.int32(bytes, start - Integer.BYTES) != end - start) {
                return bson(id); // the length is there twice, and not the same
            }
        }
        ByteBuffer data = Base64.getEncoder().encode(ByteBuffer.wrap(bytes, start, end - start));
        return "$binary:"
                + HEX.toHexDigits(subtype)
                + ":"
                + StandardCharsets.ISO_8859_1.decode(data);
    }

    /** The bytes of {@code {"": id}}, which hold the type too. */
    private static String bson(BsonCursor id) {
        int length = id.valueEnd() - id.valueStart();
        var document = new BsonBuffer(length + ENCLOSING);
        int start = document.startDocument();
        document.putByte(id.type());
        document.putName("");
        document.putBytes(id.array(), id.valueStart(), length);
        document.endDocument(start);
        return BSON + Base64.getUrlEncoder().withoutPadding().encodeToString(document.toBytes());
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
