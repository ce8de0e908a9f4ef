package dev.cdcpipeline.cli.verify;

import org.bson.BsonBinaryReader;
import org.bson.BsonDocument;
import org.bson.BsonType;
import org.bson.BsonValue;
import org.bson.codecs.BsonDocumentCodec;
import org.bson.codecs.DecoderContext;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;

/**
 * What {@code jsonb} cannot hold as it is: {@code {"$cdc.string": ...}} is the base64 of a text's
 * bytes, {@code {"$cdc.raw": ...}} that of a value in BSON, in Extended JSON with its type.
 */
final class Wrapped {

    private static final String STRING = "$cdc.string";
    static final String RAW = "$cdc.raw";

    private Wrapped() {}

    static boolean is(Json.Members members) {
        Map<String, Json> byName = members.byName();
        return byName.size() == 1 && (byName.containsKey(STRING) || byName.containsKey(RAW));
    }

    static boolean says(BsonValue value, Json.Members members) {
        Json string = members.byName().get(STRING);
        return string != null
                ? says(text(value), bytes(string))
                : saysRaw(value, bytes(members.byName().getOrDefault(RAW, new Json.Null())));
    }

    private static boolean says(String expected, byte[] utf8) {
        return expected.equals(new String(utf8, StandardCharsets.UTF_8));
    }

    private static String text(BsonValue value) {
        return switch (value.getBsonType()) {
            case STRING -> value.asString().getValue();
            case SYMBOL -> value.asSymbol().getSymbol();
            case JAVASCRIPT -> value.asJavaScript().getCode();
            default -> "";
        };
    }

    private static boolean saysRaw(BsonValue value, byte[] bson) {
        try {
            return value.equals(decoded((byte) value.getBsonType().getValue(), bson));
        } catch (RuntimeException noBson) {
            return false;
        }
    }

    /**
     * What {@code $cdc.raw} stands for in Extended JSON: a document by its bytes, another value by
     * its bytes and type.
     *
     * @throws RuntimeException when that is nothing
     */
    static BsonValue value(Json raw) {
        return raw instanceof Json.Members(Map<String, Json> parts)
                        && parts.get("type") instanceof Json.Text(String type)
                        && parts.get("base64") instanceof Json.Text base64
                ? decoded((byte) Integer.parseInt(type, 16), bytes(base64))
                : decoded((byte) BsonType.DOCUMENT.getValue(), bytes(raw));
    }

    /** The bytes are the value's alone: with a header they become a document of one field. */
    private static BsonValue decoded(byte type, byte[] bson) {
        byte[] document = new byte[bson.length + 7];
        ByteBuffer.wrap(document)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(document.length)
                .put(type)
                .put((byte) 0)
                .put(bson);
        try (var reader = new BsonBinaryReader(ByteBuffer.wrap(document))) {
            BsonDocument decoded =
                    new BsonDocumentCodec().decode(reader, DecoderContext.builder().build());
            return Objects.requireNonNull(decoded.get(""));
        }
    }

    private static byte[] bytes(Json base64) {
        try {
            return base64 instanceof Json.Text(String text)
                    ? Base64.getDecoder().decode(text)
                    : new byte[0];
        } catch (IllegalArgumentException noBase64) {
            return new byte[0];
        }
    }
}
