package dev.cdcpipeline.syncer.schema;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cdcpipeline.model.BsonBuffer;
import dev.cdcpipeline.model.BsonBytes;
import dev.cdcpipeline.model.BsonCursor;
import dev.cdcpipeline.model.BsonValidation;
import dev.cdcpipeline.model.DocumentKey;
import dev.cdcpipeline.model.MalformedMessageException;
import dev.cdcpipeline.model.RawDocument;
import dev.cdcpipeline.syncer.support.RawIds;
import dev.cdcpipeline.testkit.BsonGen;
import dev.cdcpipeline.testkit.Gen;
import dev.cdcpipeline.testkit.Property;

import org.bson.BsonBinary;
import org.bson.BsonDateTime;
import org.bson.BsonDecimal128;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonInt64;
import org.bson.BsonObjectId;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.bson.types.Decimal128;
import org.bson.types.ObjectId;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;

class RowKeyTest {
    private static final HexFormat HEX = HexFormat.of();

    @Test
    @DisplayName("An ObjectId is its 24 hex digits")
    void anObjectIdIsItsHexDigits() {
        var id = new ObjectId("65f1a2b3c4d5e6f708192a3b");
        assertThat(key(new BsonObjectId(id))).isEqualTo("65f1a2b3c4d5e6f708192a3b");
    }

    @ParameterizedTest
    @ValueSource(strings = {"alice", "A-17", "zürich", "65F1A2B3C4D5E6F708192A3B", "1.5", "+1"})
    @DisplayName("A string is itself")
    void aStringIsItself(String id) {
        assertThat(key(new BsonString(id))).isEqualTo(id);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "42", "-1", "$date:x", "$string:a", "65f1a2b3c4d5e6f708192a3b"})
    @DisplayName("A string that looks like another type's form is marked as a string")
    void aStringThatLooksLikeAnotherTypeIsMarked(String id) {
        assertThat(key(new BsonString(id))).isEqualTo("$string:" + id);
    }

    @Test
    @DisplayName("Numbers and dates are readable")
    void numbersAndDatesAreReadable() {
        assertThat(key(new BsonInt32(42))).isEqualTo("42");
        assertThat(key(new BsonInt64(5_000_000_000L))).isEqualTo("5000000000");
        assertThat(key(new BsonInt64(42))).isEqualTo("42");
        assertThat(key(new BsonDateTime(0))).isEqualTo("$date:1970-01-01T00:00:00Z");
        var uuid = new BsonBinary(new java.util.UUID(1, 2));
        assertThat(key(uuid)).isEqualTo("$uuid:00000000-0000-0001-0000-000000000002");
    }

    @ParameterizedTest(name = "Design 5: rows are found again under the keys that they have: {1}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "\"\\u0000\" | $bson:DQAAAAIAAgAAAAAAAA",
                "\"a\\uFFFD\" | $bson:EAAAAAIABQAAAGHvv70AAA",
                "-0.0 | 0",
                "1e300 | $double:1.0E300",
                "{$numberDouble: \"NaN\"} | $double:NaN",
                "{$numberDecimal: \"1.0\"} | 1",
                "{$numberDecimal: \"1.50\"} | $double:1.5",
                "{$numberDecimal: \"1.10\"} | $decimal:1.1",
                "{$numberDecimal: \"-0\"} | 0",
                "{$numberDecimal: \"0E-6176\"} | 0",
                "{$numberDecimal: \"-0E+6111\"} | 0",
                "{$numberDecimal: \"1E+3\"} | 1000",
                "{$numberDecimal: \"9999999999999999999999999999999999E+6111\"}"
                        + " | $decimal:9.999999999999999999999999999999999E+6144",
                "{$numberDecimal: \"NaN\"} | $double:NaN",
                "{$numberDecimal: \"-Infinity\"} | $double:-Infinity",
                "{$date: {$numberLong: \"-9223372036854775808\"}}"
                        + " | $date:-292275055-05-16T16:47:04.192Z",
                "{$timestamp: {t: 4294967295, i: 7}} | $timestamp:4294967295:7",
                "true | $bool:true",
                "null | $null",
                "{$binary: {base64: \"AQID\", subType: \"00\"}} | $binary:00:AQID",
                "{$binary: {base64: \"AQID\", subType: \"02\"}} | $binary:02:AQID",
                "{$binary: {base64: \"AQID\", subType: \"04\"}} | $binary:04:AQID",
                "{$binary: {base64: \"\", subType: \"80\"}} | $binary:80:",
                "{} | $bson:DAAAAAMABQAAAAAA",
                "{a: 1, b: {c: [\"x\", 2.5]}}"
                        + " | $bson:NwAAAAMAMAAAABBhAAEAAAADYgAhAAAABGMAGQAAAAIwAAIAAAB4AAExAAAAAAAAAARAAAAAAA",
                "[1, \"a\"] | $bson:HAAAAAQAFQAAABAwAAEAAAACMQACAAAAYQAAAA",
                "{$regularExpression: {pattern: \"a\", options: \"im\"}} | $bson:DAAAAAsAYQBpbQAA",
                "{$code: \"f()\", $scope: {a: 1}}"
                        + " | $bson:HwAAAA8AGAAAAAQAAABmKCkADAAAABBhAAEAAAAAAA",
                "{$symbol: \"s\"} | s",
                "{$symbol: \"42\"} | $string:42",
                "{$minKey: 1} | $bson:BwAAAP8AAA"
            })
    void rowsAreFoundAgainUnderTheKeysThatTheyHave(String id, String key) {
        assertThat(key(RawDocument.of(BsonDocument.parse("{_id: " + id + "}")))).isEqualTo(key);
    }

    @Test
    @DisplayName("Design 5: what has no form of its own is its BSON as the driver writes it")
    void whatHasNoFormOfItsOwnIsItsBson() {
        Property.forAll(
                5_000,
                BsonGen.values(),
                value -> {
                    String key = key(value);
                    BsonValue canonical = DocumentKey.of(id(value)).canonical().id();
                    byte[] bytes = RawDocument.of(new BsonDocument("", canonical)).toBytes();
                    String bson =
                            "$bson:"
                                    + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
                    assertThat(key.startsWith("$bson:")).isIn(false, key.equals(bson));
                });
    }

    @Test
    @DisplayName("Design 5: strings that are not UTF-8 have the row of no other string")
    void stringsThatAreNotUtf8HaveTheRowOfNoOtherString() {
        String high = key(RawIds.of(BsonBytes.STRING, string("61eda080")));
        assertThat(high).isEqualTo("$bson:EAAAAAIABQAAAGHtoIAAAA");
        assertThat(high)
                .isNotEqualTo(key(RawIds.of(BsonBytes.STRING, string("61eda081"))))
                .isNotEqualTo(key(new BsonString("a\uFFFD\uFFFD\uFFFD")));
        assertThat(key(RawIds.of(BsonBytes.STRING, string("ff"))))
                .isNotEqualTo(key(RawIds.of(BsonBytes.STRING, string("fe"))));
    }

    @ParameterizedTest(name = "Design 5: within a document, too: {0} and {1}")
    @CsvSource({
        // {k: <not UTF-8>}
        "026b0004000000eda08000, 026b0004000000eda08100",
        // {<not UTF-8>: null}
        "0aff00, 0afe00",
        // {a: 1, a: 2} and {a: 2}
        "1061000100000010610002000000, 10610002000000",
        // {r: /x/mi} and {r: /x/im}
        "0b720078006d6900, 0b72007800696d00"
    })
    void withinADocumentToo(String one, String other) {
        assertThat(key(RawIds.of(BsonBytes.DOCUMENT, document(HEX.parseHex(one)))))
                .isNotEqualTo(key(RawIds.of(BsonBytes.DOCUMENT, document(HEX.parseHex(other)))));
    }

    @ParameterizedTest(name = "case W4: one _id has one row, whatever its type: {0}")
    @ValueSource(
            strings = {
                "1, {$numberLong: '1'}, 1.0, {$numberDecimal: '1'}, {$numberDecimal: '1.0'}, {$numberDecimal: '1E0'}",
                "0, -0.0, {$numberDecimal: '-0'}, {$numberDecimal: '0E+6111'}",
                "0.5, {$numberDecimal: '0.50'}",
                "{$numberLong: '9007199254740992'}, 9007199254740992.0, {$numberDecimal: '9007199254740992'}",
                "{$numberLong: '9007199254740993'}, {$numberDecimal: '9007199254740993.0'}",
                "9223372036854775808.0, {$numberDecimal: '9223372036854775808'}",
                "{$numberDouble: 'NaN'}, {$numberDecimal: 'NaN'}",
                "{$numberDouble: 'Infinity'}, {$numberDecimal: 'Infinity'}",
                "'a', {$symbol: 'a'}",
                "{n: 1, a: [2]}, {n: {$numberLong: '1'}, a: [2.0]}, {n: {$numberDecimal: '1.0'}, a: [2]}"
            })
    void oneIdHasOneRow(String ids) {
        List<String> keys =
                BsonDocument.parse("{ids: [" + ids + "]}").getArray("ids").stream()
                        .map(RowKeyTest::key)
                        .toList();
        assertThat(keys).hasSizeGreaterThan(1);
        assertThat(Set.copyOf(keys)).hasSize(1);
    }

    @Test
    @DisplayName("case W4: ids that only look equal have rows of their own")
    void idsThatOnlyLookEqualHaveRowsOfTheirOwn() {
        List<BsonValue> ids =
                BsonDocument.parse(
                                "{ids: [0.1, {$numberDecimal: '0.1'}, {$numberLong: '9007199254740993'},"
                                        + " 9007199254740992.0, {$numberLong: '9223372036854775807'},"
                                        + " 9223372036854775808.0, '1', 1, true, {$date: {$numberLong: '1'}},"
                                        + " {$timestamp: {t: 0, i: 1}}, {a: 1}, {b: 1}, {a: '1'}, {a: [1]},"
                                        + " {$code: '1'}, {a: null}, {a: {$undefined: true}}]}")
                        .getArray("ids");
        assertThat(ids.stream().map(RowKeyTest::key)).doesNotHaveDuplicates();
    }

    @ParameterizedTest(
            name = "case W4: a Decimal128 with odd bits is what MongoDB takes it for: {0}")
    @CsvSource({
        "3041ed09bead87c0378d8e63ffffffff, $decimal:9999999999999999999999999999999999",
        "3041ed09bead87c0378d8e6400000000, 0",
        "60000000000000000000000000000000, 0",
        "fc000000000000000000000000000001, $double:NaN",
        "f9000000000000000000000000000001, $double:-Infinity"
    })
    void aDecimalWithOddBitsIsWhatMongoDbTakesItFor(String bits, String key) {
        assertThat(key(decimal(bits))).isEqualTo(key);
    }

    @Test
    @DisplayName("Design 5: an old binary that gives its length a second time wrongly has a row")
    void anOldBinaryWithAWrongLengthHasARow() {
        byte[] wrong = HEX.parseHex("070000000203000000010203");
        assertThat(key(RawIds.of(BsonBytes.BINARY, wrong))).isEqualTo("$binary:02:AQID");
        wrong[5] = 9;
        assertThat(key(RawIds.of(BsonBytes.BINARY, wrong)))
                .isEqualTo("$bson:EwAAAAUABwAAAAIJAAAAAQIDAA");
        byte[] none = HEX.parseHex("0200000002aabb");
        assertThat(key(RawIds.of(BsonBytes.BINARY, none))).startsWith("$bson:");
    }

    @Test
    @DisplayName("Design 5: two different identifiers of any BSON types never have one row key")
    void isInjective() {
        Map<String, RawDocument> seen = new HashMap<>();
        Gen<BsonValue> hostile =
                Gen.oneOf(
                        BsonGen.values(),
                        Gen.ints(-50, 50).map(BsonInt32::new),
                        Gen.ints(-50, 50).map(value -> new BsonInt64(value)),
                        Gen.ints(-50, 50).map(value -> new BsonString(value.toString())),
                        Gen.strings(4).map(BsonString::new),
                        BsonGen.values().map(value -> new BsonString(key(value))));
        Property.forAll(20_000, hostile, value -> checkAlone(id(value), seen));
    }

    @Test
    @DisplayName("Design 5: nor do two that only bytes can tell apart")
    void isInjectiveForHostileBytes() {
        Map<String, RawDocument> seen = new HashMap<>();
        Property.forAll(20_000, RowKeyTest::hostileId, id -> checkAlone(id, seen));
    }

    @Test
    @DisplayName("Design 5: one byte more or less is another row")
    void oneByteIsAnotherRow() {
        Property.forAll(
                20_000,
                random -> {
                    RawDocument id = hostileId(random);
                    return new RawDocument[] {id, neighbour(id, random)};
                },
                pair -> {
                    boolean same = canonical(pair[0]).equals(canonical(pair[1]));
                    assertThat(key(pair[0]).equals(key(pair[1]))).isEqualTo(same);
                });
    }

    private static void checkAlone(RawDocument id, Map<String, RawDocument> seen) {
        String key = key(id);
        assertThat(key).isNotEmpty().doesNotContain("\0");
        assertThat(key.getBytes(StandardCharsets.UTF_8).length).isLessThanOrEqualTo(2_000);
        RawDocument other = seen.putIfAbsent(key, id);
        assertThat(other == null || canonical(other).equals(canonical(id))).isTrue();
    }

    /**
     * What MongoDB may hold as an {@code _id}, mostly of the kinds that are easily taken for one.
     */
    private static RawDocument hostileId(RandomGenerator random) {
        return switch (random.nextInt(6)) {
            case 0 -> RawIds.of(BsonBytes.STRING, string(text(random)));
            case 1 -> RawIds.of(BsonBytes.DOCUMENT, smallDocument(random));
            case 2 -> RawIds.of(BsonBytes.DECIMAL128, oddDecimal(random));
            case 3 -> RawIds.of(BsonBytes.BINARY, oldBinary(random));
            case 4 -> RawIds.of(BsonBytes.DOCUMENT, BsonGen.documentBytes().next(random));
            default -> anyField(BsonGen.documentBytes().next(random), random);
        };
    }

    private static byte[] text(RandomGenerator random) {
        String[] parts = {
            "61", "c3a9", "efbfbd", "eda080", "eda081", "c080", "ff", "80", "e282", "00"
        };
        var hex = new StringBuilder();
        for (int i = random.nextInt(4); i >= 0; i--) {
            hex.append(parts[random.nextInt(parts.length)]);
        }
        return HEX.parseHex(hex);
    }

    /** Of one field or more of few names, so that many are there twice. */
    private static byte[] smallDocument(RandomGenerator random) {
        var fields = new ByteArrayOutputStream();
        for (int i = random.nextInt(3); i >= 0; i--) {
            int type = random.nextInt(3);
            fields.write(new byte[] {0x02, 0x10, 0x0D}[type]);
            fields.write(new byte[] {'a', 'b', (byte) 0xFE, (byte) 0xFF}[random.nextInt(4)]);
            fields.write(0);
            fields.writeBytes(type == 1 ? int32(random.nextInt(2)) : string(text(random)));
        }
        return document(fields.toByteArray());
    }

    /** Near the largest significand, or a NaN or an infinity, or any. */
    private static byte[] oddDecimal(RandomGenerator random) {
        long[] highs = {0x3041_ED09_BEAD_87C0L, 0x7800L << 48, 0x7C00L << 48, random.nextLong()};
        long[] lows = {0x378D_8E63_FFFF_FFFFL + random.nextInt(4), random.nextInt(3), -1};
        long high = highs[random.nextInt(highs.length)] ^ (random.nextInt(4) == 0 ? 1L << 63 : 0);
        return ByteBuffer.allocate(16)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(lows[random.nextInt(lows.length)])
                .putLong(high)
                .array();
    }

    private static byte[] oldBinary(RandomGenerator random) {
        byte[] data = Gen.bytes(0, 6).next(random);
        if (data.length >= 4 && random.nextBoolean()) {
            BsonBytes.putInt32(data, 0, data.length - 4);
        }
        byte[] value = new byte[5 + data.length];
        BsonBytes.putInt32(value, 0, data.length);
        value[4] = BsonBytes.BINARY_OLD;
        System.arraycopy(data, 0, value, 5, data.length);
        return value;
    }

    private static RawDocument anyField(byte[] document, RandomGenerator random) {
        BsonCursor field = RawDocument.wrap(document).cursor();
        RawDocument id = RawIds.of(BsonBytes.NULL, new byte[0]);
        for (int i = random.nextInt(8); i >= 0 && field.next(); i--) {
            int length = field.valueEnd() - field.valueStart();
            var value = ByteBuffer.wrap(field.array(), field.valueStart(), length).slice();
            byte[] copy = new byte[length];
            value.get(copy);
            id = RawIds.of(field.type(), copy);
        }
        return id;
    }

    /** The same but for one byte; the very same where no BSON would be left. */
    private static RawDocument neighbour(RawDocument id, RandomGenerator random) {
        byte[] bytes = id.toBytes();
        int at = random.nextInt(9) == 0 ? 4 : random.nextInt(4, bytes.length);
        bytes[at] = (byte) random.nextInt(256);
        try {
            BsonValidation.document(bytes, 0, bytes.length);
            return DocumentKey.of(RawDocument.wrap(bytes)).document();
        } catch (MalformedMessageException e) {
            return id;
        }
    }

    private static DocumentKey canonical(RawDocument id) {
        return DocumentKey.of(id).canonical();
    }

    private static String key(BsonValue id) {
        return key(id(id));
    }

    private static String key(RawDocument id) {
        return RowKey.of(DocumentKey.of(id));
    }

    private static RawDocument id(BsonValue id) {
        return RawDocument.of(new BsonDocument("_id", id));
    }

    private static byte[] document(byte[] fields) {
        var buffer = new BsonBuffer(64);
        int start = buffer.startDocument();
        buffer.putBytes(fields, 0, fields.length);
        buffer.endDocument(start);
        return buffer.toBytes();
    }

    private static byte[] string(String hex) {
        return string(HEX.parseHex(hex));
    }

    private static byte[] string(byte[] text) {
        var buffer = new BsonBuffer(64);
        buffer.putText(text, 0, text.length);
        return buffer.toBytes();
    }

    private static byte[] int32(int value) {
        byte[] bytes = new byte[4];
        BsonBytes.putInt32(bytes, 0, value);
        return bytes;
    }

    private static BsonValue decimal(String bits) {
        long high = HexFormat.fromHexDigitsToLong(bits, 0, 16);
        long low = HexFormat.fromHexDigitsToLong(bits, 16, 32);
        return new BsonDecimal128(Decimal128.fromIEEE754BIDEncoding(high, low));
    }
}
