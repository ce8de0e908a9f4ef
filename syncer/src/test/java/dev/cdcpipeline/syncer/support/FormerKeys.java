package dev.cdcpipeline.syncer.support;

import dev.cdcpipeline.model.DocumentKey;
import dev.cdcpipeline.model.RawDocument;
import dev.cdcpipeline.model.json.Decimals;
import dev.cdcpipeline.syncer.schema.RowKey;

import org.bson.BsonDocument;
import org.bson.BsonValue;
import org.bson.types.Decimal128;

import java.util.Base64;
import java.util.HexFormat;

/** The keys that rows had before they went by the canonical {@code _id}. */
public final class FormerKeys {
    private static final HexFormat HEX = HexFormat.of();

    private FormerKeys() {}

    /** The key of an id, which is written in Extended JSON. */
    public static String of(String id) {
        return of(BsonDocument.parse("{ids: [" + id + "]}").getArray("ids").get(0));
    }

    /** The key of an id. */
    public static String of(BsonValue id) {
        return switch (id.getBsonType()) {
            case INT64 -> int64(id.asInt64().getValue());
            case DOUBLE -> real(id.asDouble().getValue());
            case DECIMAL128 -> decimal(id.asDecimal128().getValue());
            case DOCUMENT, ARRAY, SYMBOL, JAVASCRIPT_WITH_SCOPE ->
                    "$bson:"
                            + Base64.getUrlEncoder()
                                    .withoutPadding()
                                    .encodeToString(
                                            RawDocument.of(new BsonDocument("", id)).toBytes());
            default -> RowKey.of(DocumentKey.of(RawDocument.of(new BsonDocument("_id", id))));
        };
    }

    private static String int64(long value) {
        return value == (int) value ? "$long:" + value : Long.toString(value);
    }

    private static String real(double value) {
        long bits = Double.doubleToRawLongBits(value);
        boolean plainNan = bits == Double.doubleToLongBits(Double.NaN);
        return Double.isNaN(value) && !plainNan
                ? "$double:0x" + HEX.toHexDigits(bits)
                : "$double:" + value;
    }

    private static String decimal(Decimal128 value) {
        long high = value.getHigh();
        long low = value.getLow();
        return Decimals.isCanonical(high, low)
                ? "$decimal:" + value
                : "$decimal:0x" + HEX.toHexDigits(high) + HEX.toHexDigits(low);
    }
}
