package dev.cdcpipeline.cli.verify;

import org.bson.BsonArray;
import org.bson.BsonBinary;
import org.bson.BsonBoolean;
import org.bson.BsonDateTime;
import org.bson.BsonDbPointer;
import org.bson.BsonDecimal128;
import org.bson.BsonDocument;
import org.bson.BsonDouble;
import org.bson.BsonInt32;
import org.bson.BsonInt64;
import org.bson.BsonJavaScript;
import org.bson.BsonJavaScriptWithScope;
import org.bson.BsonMaxKey;
import org.bson.BsonMinKey;
import org.bson.BsonNull;
import org.bson.BsonObjectId;
import org.bson.BsonRegularExpression;
import org.bson.BsonString;
import org.bson.BsonSymbol;
import org.bson.BsonTimestamp;
import org.bson.BsonUndefined;
import org.bson.BsonValue;
import org.bson.types.Decimal128;
import org.bson.types.ObjectId;
import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;

/**
 * Reads BSON values out of Extended JSON as a {@code jsonb} column shows it: with the names of a
 * wrapper in {@code jsonb}'s order, which MongoDB's own library does not read.
 *
 * <p>All methods throw a {@link RuntimeException} for what is not Extended JSON.
 */
final class ExtendedReader {

    private ExtendedReader() {}

    /** The value that the JSON stands for. */
    static BsonValue value(Json json) {
        return switch (json) {
            case Json.Members members -> {
                BsonValue wrapped = wrapped(members);
                yield wrapped != null ? wrapped : document(members);
            }
            case Json.Elements(var inOrder) ->
                    new BsonArray(inOrder.stream().map(ExtendedReader::value).toList());
            case Json.Text(String text) -> new BsonString(text);
            case Json.Numeric(BigDecimal number) -> number(number);
            case Json.Bool(boolean value) -> BsonBoolean.valueOf(value);
            case Json.Null() -> BsonNull.VALUE;
        };
    }

    private static BsonDocument document(Json.Members members) {
        var document = new BsonDocument();
        members.byName().forEach((name, each) -> document.put(name, value(each)));
        return document;
    }

    /** A number with a point is a double, however round it is. */
    private static BsonValue number(BigDecimal number) {
        if (number.scale() > 0) {
            return new BsonDouble(number.doubleValue());
        }
        long value = number.longValueExact();
        return value == (int) value ? new BsonInt32((int) value) : new BsonInt64(value);
    }

    /**
     * What a wrapper stands for; null when the object is a document. No document has such names.
     */
    private static @Nullable BsonValue wrapped(Json.Members members) {
        Map<String, Json> byName = members.byName();
        if (byName.containsKey("$code")) {
            return code(members);
        }
        if (byName.size() != 1) {
            return null;
        }
        String name = byName.keySet().iterator().next();
        return switch (name) {
            case "$oid" -> new BsonObjectId(new ObjectId(text(members, name)));
            case "$date" -> new BsonDateTime(millis(member(members, name)));
            case "$numberLong" -> new BsonInt64(Long.parseLong(text(members, name)));
            case "$numberDouble" -> new BsonDouble(Double.parseDouble(text(members, name)));
            case "$numberDecimal" -> new BsonDecimal128(Decimal128.parse(text(members, name)));
            case "$symbol" -> new BsonSymbol(text(members, name));
            case "$undefined" -> new BsonUndefined();
            case "$minKey" -> new BsonMinKey();
            case "$maxKey" -> new BsonMaxKey();
            case "$binary" -> binary(parts(members, name));
            case "$timestamp" -> timestamp(parts(members, name));
            case "$regularExpression" -> regularExpression(parts(members, name));
            case "$dbPointer" -> pointer(parts(members, name));
            case Wrapped.RAW -> Wrapped.value(member(members, name));
            default -> null;
        };
    }

    private static BsonValue code(Json.Members members) {
        String code = text(members, "$code");
        return members.byName().containsKey("$scope")
                ? new BsonJavaScriptWithScope(code, value(member(members, "$scope")).asDocument())
                : new BsonJavaScript(code);
    }

    private static long millis(Json date) {
        return date instanceof Json.Text(String iso)
                ? Instant.parse(iso).toEpochMilli()
                : value(date).asInt64().getValue();
    }

    private static BsonBinary binary(Json.Members parts) {
        return new BsonBinary(
                (byte) Integer.parseInt(text(parts, "subType"), 16),
                Base64.getDecoder().decode(text(parts, "base64")));
    }

    private static BsonTimestamp timestamp(Json.Members parts) {
        return new BsonTimestamp(unsigned(parts, "t"), unsigned(parts, "i"));
    }

    private static int unsigned(Json.Members parts, String name) {
        return (int) value(member(parts, name)).asNumber().longValue();
    }

    private static BsonRegularExpression regularExpression(Json.Members parts) {
        return new BsonRegularExpression(text(parts, "pattern"), text(parts, "options"));
    }

    private static BsonDbPointer pointer(Json.Members parts) {
        return new BsonDbPointer(
                text(parts, "$ref"), value(member(parts, "$id")).asObjectId().getValue());
    }

    private static Json.Members parts(Json.Members members, String name) {
        if (member(members, name) instanceof Json.Members parts) {
            return parts;
        }
        throw new IllegalArgumentException(name + " has no parts");
    }

    private static String text(Json.Members members, String name) {
        if (member(members, name) instanceof Json.Text(String text)) {
            return text;
        }
        throw new IllegalArgumentException(name + " has no text");
    }

    private static Json member(Json.Members members, String name) {
        Json member = members.byName().get(name);
        if (member == null) {
            throw new IllegalArgumentException(name + " is missing");
        }
        return member;
    }
}
