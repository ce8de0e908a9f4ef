package dev.cdcpipeline.syncer.schema;

import dev.cdcpipeline.model.BsonBuffer;
import dev.cdcpipeline.model.BsonCursor;
import dev.cdcpipeline.model.BsonValidation;
import dev.cdcpipeline.model.DocumentKey;
import dev.cdcpipeline.model.RawDocument;

import org.bson.BsonDecimal128;
import org.bson.BsonDocument;
import org.bson.BsonDouble;
import org.bson.BsonInt64;
import org.bson.BsonValue;
import org.bson.types.Decimal128;

import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

/**
 * The keys of rows as they were before {@link RowKey} went by the canonical {@code _id}: by the
 * type of numbers, too. They have the forms of today, {@code $long:42} for an int64 that an int32
 * could hold, and {@code $double:0x}, {@code $decimal:0x} with unusual bits.
 */
public final class FormerRowKey {

    /** That of a key which is never written any more. */
    public static final String LONG = "$long:";

    /** What all texts begin with of which {@link #canonical} may make another. */
    public static final List<String> PREFIXES =
            List.of(RowKey.BSON, RowKey.DECIMAL, RowKey.DOUBLE, LONG);

    /**
     * What a text begins with of which nothing can be told: the hash of a long string, or of a
     * document in either form.
     */
    public static final String HASHED = RowKey.SHA256;

    private static final String BITS = "0x";
    private static final int LONG_DIGITS = 16;

    private FormerRowKey() {}

    /**
     * The key that the row has today.
     *
     * @return the same text if it is of today, or no row key at all
     */
    public static String canonical(String text) {
        try {
            if (text.startsWith(LONG)) {
                return of(new BsonInt64(Long.parseLong(rest(text, LONG))));
            }
            if (text.startsWith(RowKey.DOUBLE)) {
                return of(new BsonDouble(real(rest(text, RowKey.DOUBLE))));
            }
            if (text.startsWith(RowKey.DECIMAL)) {
                return of(new BsonDecimal128(decimal(rest(text, RowKey.DECIMAL))));
            }
            return text.startsWith(RowKey.BSON) ? ofBson(rest(text, RowKey.BSON)) : text;
        } catch (RuntimeException notOurs) {
            return text; // somebody wrote it by hand
        }
    }

    private static String rest(String text, String prefix) {
        return text.substring(prefix.length());
    }

    private static double real(String text) {
        return text.startsWith(BITS)
                ? Double.longBitsToDouble(HexFormat.fromHexDigitsToLong(rest(text, BITS)))
                : Double.parseDouble(text);
    }

    private static Decimal128 decimal(String text) {
        if (!text.startsWith(BITS)) {
            return Decimal128.parse(text);
        }
        String bits = rest(text, BITS);
        return Decimal128.fromIEEE754BIDEncoding(
                HexFormat.fromHexDigitsToLong(bits, 0, LONG_DIGITS),
                HexFormat.fromHexDigitsToLong(bits, LONG_DIGITS, 2 * LONG_DIGITS));
    }

    private static String of(BsonValue id) {
        return RowKey.of(DocumentKey.of(RawDocument.of(new BsonDocument("_id", id))));
    }

    private static String ofBson(String base64) {
        byte[] bytes = Base64.getUrlDecoder().decode(base64);
        BsonValidation.document(bytes, 0, bytes.length);
        BsonCursor id = RawDocument.wrap(bytes).cursor();
        if (!id.next()) {
            throw new IllegalArgumentException("no value");
        }
        var key = new BsonBuffer(bytes.length + Long.BYTES);
        int start = key.startDocument();
        key.putByte(id.type());
        key.putName("_id");
        key.putBytes(id.array(), id.valueStart(), id.valueEnd() - id.valueStart());
        key.endDocument(start);
        return RowKey.of(DocumentKey.of(RawDocument.wrap(key.toBytes())));
    }
}
