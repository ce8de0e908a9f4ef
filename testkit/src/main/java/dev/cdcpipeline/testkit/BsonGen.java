package dev.cdcpipeline.testkit;

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

import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Generates BSON of every type, as bad as MongoDB lets it be. What the {@code org.bson} library
 * cannot say, such as text that is not UTF-8, is in {@link #documentBytes()}.
 */
public final class BsonGen {

    /** Documents within documents, where a generated one is not made deep on purpose. */
    private static final int USUAL_DEPTH = 4;

    private BsonGen() {}

    /** Values of every type, documents and arrays included. */
    public static Gen<BsonValue> values() {
        return random -> value(random, USUAL_DEPTH);
    }

    /** Values that may be an {@code _id}: every type but array, regular expression, undefined. */
    public static Gen<BsonValue> ids() {
        return random -> {
            while (true) {
                BsonValue value = value(random, 1);
                if (!value.isArray() && !value.isRegularExpression() && !isUndefined(value)) {
                    return value;
                }
            }
        };
    }

    /** Documents with fields of every type, nested, some empty, some over 100 levels deep. */
    public static Gen<BsonDocument> documents() {
        return random ->
                random.nextInt(100) == 0
                        ? deep(random, random.nextInt(90, 200))
                        : document(random, USUAL_DEPTH);
    }

    /**
     * Documents as their bytes, with what MongoDB stores although it should not be there: text that
     * is not UTF-8, names twice, arrays with odd names, NaN and Decimal128 with odd bits, a wrong
     * length in old binaries.
     */
    public static Gen<byte[]> documentBytes() {
        return random -> new HostileBson(random).document();
    }

    /** Change events of every kind as MongoDB sends them, around {@link #documentBytes()}. */
    public static Gen<byte[]> eventBytes() {
        return random -> new HostileBson(random).event();
    }

    /** Names of fields: words, wrappers of Extended JSON, the empty name, unusual text. */
    public static Gen<String> names() {
        return Gen.frequency(
                Gen.weighted(12, Gen.words(8)),
                Gen.weighted(
                        2,
                        Gen.elements(
                                "",
                                "$",
                                ".",
                                "a.b",
                                "_id",
                                "0",
                                "$ref",
                                "$id",
                                "$type",
                                "$scope",
                                "ключ",
                                "名前",
                                "\uD83D\uDE00",
                                "a\"b\\c\n",
                                "$set")),
                Gen.weighted(1, wrapperNames()),
                Gen.weighted(1, Gen.strings(12).map(text -> text.replace("\0", ""))));
    }

    /** Names that make a JSON object stand for something else. */
    static Gen<String> wrapperNames() {
        return Gen.elements(
                "$oid",
                "$date",
                "$numberLong",
                "$numberInt",
                "$numberDouble",
                "$numberDecimal",
                "$binary",
                "$uuid",
                "$code",
                "$symbol",
                "$timestamp",
                "$regularExpression",
                "$regex",
                "$dbPointer",
                "$minKey",
                "$maxKey",
                "$undefined",
                "$cdc.raw",
                "$cdc.string");
    }

    /** Text: mostly short, with NUL, quotes and characters of every plane; rarely 1 MB. */
    public static Gen<String> text() {
        return random ->
                random.nextInt(20_000) == 0
                        ? Gen.strings(16).next(random).repeat(70_000)
                        : Gen.strings(30).next(random);
    }

    /** Dates in milliseconds: every time from the lowest to the highest, most near today. */
    public static Gen<Long> dates() {
        return Gen.frequency(
                Gen.weighted(3, Gen.longs(0, 4_102_444_800_000L)),
                Gen.weighted(2, Gen.longs(-62_135_596_800_000L, 253_402_300_799_999L)),
                Gen.weighted(
                        1,
                        Gen.elements(
                                -1L,
                                0L,
                                999L,
                                253_402_300_799_999L,
                                253_402_300_800_000L,
                                -62_135_596_800_000L,
                                -62_135_596_800_001L,
                                -62_167_219_200_001L,
                                Long.MIN_VALUE,
                                Long.MAX_VALUE)),
                Gen.weighted(1, Gen.longs()));
    }

    /** Decimal128: both zeros with all exponents, NaN, infinities, 34 digits, the extremes. */
    public static Gen<Decimal128> decimals() {
        return Gen.frequency(
                Gen.weighted(
                        2,
                        Gen.elements(
                                Decimal128.NaN,
                                Decimal128.POSITIVE_INFINITY,
                                Decimal128.NEGATIVE_INFINITY,
                                Decimal128.POSITIVE_ZERO,
                                Decimal128.NEGATIVE_ZERO,
                                Decimal128.parse("9.999999999999999999999999999999999E+6144"),
                                Decimal128.parse("-9.999999999999999999999999999999999E+6144"),
                                Decimal128.parse("1E-6176"),
                                Decimal128.parse("0E+6111"),
                                Decimal128.parse("-0E-6176"),
                                Decimal128.parse("1.00"),
                                Decimal128.parse("12345678901234567890.12345678901234"))),
                Gen.weighted(3, Gen.longs().map(value -> Decimal128.parse(value + "E-2"))),
                Gen.weighted(2, BsonGen::finite));
    }

    private static Decimal128 finite(RandomGenerator random) {
        StringBuilder digits = new StringBuilder(random.nextBoolean() ? "-" : "");
        int count = random.nextInt(1, 35);
        for (int i = 0; i < count; i++) {
            digits.append((char) ('0' + random.nextInt(10)));
        }
        int exponent = random.nextBoolean() ? random.nextInt(-40, 41) : random.nextInt(-6176, 6112);
        return Decimal128.parse(digits + "E" + exponent);
    }

    private static BsonValue value(RandomGenerator random, int depth) {
        if (depth > 0 && random.nextInt(6) == 0) {
            return random.nextInt(3) == 0 ? array(random, depth) : document(random, depth - 1);
        }
        return switch (random.nextInt(19)) {
            case 0 -> new BsonDouble(Gen.doubles().next(random));
            case 1, 2 -> new BsonString(text().next(random));
            case 3 -> binary(random);
            case 4 -> new BsonUndefined();
            case 5 -> new BsonObjectId(new ObjectId(Gen.bytes(12, 12).next(random)));
            case 6 -> BsonBoolean.valueOf(random.nextBoolean());
            case 7 -> new BsonDateTime(dates().next(random));
            case 8 -> BsonNull.VALUE;
            case 9 -> regularExpression(random);
            case 10 ->
                    new BsonDbPointer(
                            text().next(random), new ObjectId(Gen.bytes(12, 12).next(random)));
            case 11 -> new BsonJavaScript(text().next(random));
            case 12 -> new BsonSymbol(text().next(random));
            case 13 ->
                    new BsonJavaScriptWithScope(
                            text().next(random), document(random, Math.max(0, depth - 1)));
            case 14 -> new BsonInt32(Gen.ints().next(random));
            case 15 -> new BsonTimestamp(Gen.longs().next(random));
            case 16 -> new BsonInt64(Gen.longs().next(random));
            case 17 -> new BsonDecimal128(decimals().next(random));
            default -> random.nextBoolean() ? new BsonMinKey() : new BsonMaxKey();
        };
    }

    private static BsonDocument document(RandomGenerator random, int depth) {
        BsonDocument document = new BsonDocument();
        int size = random.nextInt(depth == USUAL_DEPTH ? 12 : 5);
        for (int i = 0; i < size; i++) {
            document.append(names().next(random), value(random, depth));
        }
        return document;
    }

    private static BsonArray array(RandomGenerator random, int depth) {
        int size = random.nextInt(8) == 0 ? random.nextInt(120) : random.nextInt(5);
        List<BsonValue> values =
                ((Gen<BsonValue>) each -> value(each, depth - 1)).list(size, size).next(random);
        return new BsonArray(values);
    }

    private static BsonDocument deep(RandomGenerator random, int levels) {
        BsonDocument document = document(random, 0);
        for (int i = 0; i < levels; i++) {
            boolean inArray = random.nextBoolean();
            BsonValue inner = inArray ? new BsonArray(List.of(document)) : document;
            i += inArray ? 1 : 0;
            document = new BsonDocument(Gen.words(3).next(random), inner);
        }
        return document;
    }

    private static BsonBinary binary(RandomGenerator random) {
        byte subtype =
                random.nextInt(4) == 0
                        ? (byte) random.nextInt(256)
                        : Gen.<Integer>elements(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 128)
                                .next(random)
                                .byteValue();
        boolean uuid = (subtype == 3 || subtype == 4) && random.nextInt(4) > 0;
        return new BsonBinary(
                subtype, uuid ? Gen.bytes(16, 16).next(random) : Gen.bytes(0, 40).next(random));
    }

    private static BsonRegularExpression regularExpression(RandomGenerator random) {
        return new BsonRegularExpression(
                Gen.strings(12).next(random).replace("\0", ""),
                Gen.<String>elements("", "i", "imsx", "x").next(random));
    }

    private static boolean isUndefined(BsonValue value) {
        return value instanceof BsonUndefined;
    }
}
