package dev.cdcpipeline.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cdcpipeline.testkit.BsonGen;
import dev.cdcpipeline.testkit.Gen;
import dev.cdcpipeline.testkit.Property;

import org.bson.BsonArray;
import org.bson.BsonDecimal128;
import org.bson.BsonDocument;
import org.bson.BsonDouble;
import org.bson.BsonInt32;
import org.bson.BsonInt64;
import org.bson.BsonJavaScriptWithScope;
import org.bson.BsonNull;
import org.bson.BsonObjectId;
import org.bson.BsonString;
import org.bson.BsonSymbol;
import org.bson.BsonValue;
import org.bson.types.Decimal128;
import org.bson.types.ObjectId;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.math.BigDecimal;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

class DocumentKeyTest {

    private static final Gen<BsonValue> SMALL = random -> small(random, 2);

    @ParameterizedTest(name = "case W4: {0} has the canonical form {1}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "{$numberLong: \"1\"} | {$numberInt: \"1\"}",
                "1.0 | {$numberInt: \"1\"}",
                "{$numberDecimal: \"1\"} | {$numberInt: \"1\"}",
                "{$numberDecimal: \"1.00\"} | {$numberInt: \"1\"}",
                "{$numberDecimal: \"1E0\"} | {$numberInt: \"1\"}",
                "{$numberDecimal: \"10E-1\"} | {$numberInt: \"1\"}",
                "{$numberDecimal: \"1E+3\"} | {$numberInt: \"1000\"}",
                "-0.0 | {$numberInt: \"0\"}",
                "{$numberDecimal: \"-0\"} | {$numberInt: \"0\"}",
                "{$numberDecimal: \"0E+6111\"} | {$numberInt: \"0\"}",
                "{$numberDecimal: \"-0E-6176\"} | {$numberInt: \"0\"}",
                "-2147483648.0 | {$numberInt: \"-2147483648\"}",
                "2147483648.0 | {$numberLong: \"2147483648\"}",
                "9007199254740993.0 | {$numberLong: \"9007199254740992\"}",
                "{$numberDecimal: \"9007199254740993\"} | {$numberLong: \"9007199254740993\"}",
                "-9223372036854775808.0 | {$numberLong: \"-9223372036854775808\"}",
                "{$numberDecimal: \"-9223372036854775808\"} | {$numberLong: \"-9223372036854775808\"}",
                "{$numberDecimal: \"9223372036854775807.0\"} | {$numberLong: \"9223372036854775807\"}",
                "9223372036854775808.0 | 9223372036854775808.0",
                "{$numberDecimal: \"9223372036854775808\"} | 9223372036854775808.0",
                "{$numberDecimal: \"-9223372036854775809\"} | {$numberDecimal: \"-9223372036854775809\"}",
                "{$numberDecimal: \"9223372036854775809.000\"} | {$numberDecimal: \"9223372036854775809\"}",
                "{$numberDecimal: \"0.50\"} | 0.5",
                "{$numberDecimal: \"0.1\"} | {$numberDecimal: \"0.1\"}",
                "{$numberDecimal: \"0.10\"} | {$numberDecimal: \"0.1\"}",
                "{$numberDecimal: \"1.000000000000000000000000000000000E+6144\"}"
                        + " | {$numberDecimal: \"1E+6144\"}",
                "{$numberDecimal: \"1E-6176\"} | {$numberDecimal: \"1E-6176\"}",
                "{$numberDecimal: \"1E+22\"} | 1e22",
                "{$numberDecimal: \"1E+23\"} | {$numberDecimal: \"1E+23\"}",
                "{$numberDecimal: \"1E+400\"} | {$numberDecimal: \"1E+400\"}",
                "{$numberDecimal: \"NaN\"} | {$numberDouble: \"NaN\"}",
                "{$numberDecimal: \"Infinity\"} | {$numberDouble: \"Infinity\"}",
                "{$numberDecimal: \"-Infinity\"} | {$numberDouble: \"-Infinity\"}",
                "{$symbol: \"a\"} | \"a\"",
                "{a: 1.0, b: {$numberLong: \"2\"}} | {a: {$numberInt: \"1\"}, b: {$numberInt: \"2\"}}",
                "{a: [1.0, {b: {$symbol: \"x\"}}]} | {a: [{$numberInt: \"1\"}, {b: \"x\"}]}",
                "{a: {$code: \"f()\", $scope: {n: {$numberLong: \"7\"}}}}"
                        + " | {a: {$code: \"f()\", $scope: {n: {$numberInt: \"7\"}}}}",
            })
    void hasTheCanonicalForm(String id, String canonical) {
        assertThat(key(id).canonical()).isEqualTo(key(canonical));
    }

    @ParameterizedTest(name = "case W4: a Decimal128 of odd bits is what MongoDB takes it for: {0}")
    @CsvSource({
        // significands over 10^34 - 1, and the other form of a number, are zero
        "3041ed09bead87c0378d8e6400000000, 0",
        "b041ffffffffffffffffffffffffffff, 0",
        "60000000000000000000000000000000, 0",
        "6c000000000000000000000000000001, 0",
        "fc000000000000000000000000000000, {$numberDouble: \"NaN\"}",
        "7c000000000000000000000000000001, {$numberDouble: \"NaN\"}",
        "7e000000000000000000000000000000, {$numberDouble: \"NaN\"}",
        "78000000000000000000000000000001, {$numberDouble: \"Infinity\"}",
        "f9000000000000000000000000000000, {$numberDouble: \"-Infinity\"}"
    })
    void aDecimalOfOddBitsIsWhatMongoDbTakesItFor(String bits, String canonical) {
        assertThat(key(decimal(bits)).canonical()).isEqualTo(key(canonical));
    }

    @Test
    @DisplayName("case W4: a NaN of any sign and payload is one _id")
    void aNanOfAnyPayloadIsOneId() {
        RawDocument odd = RawDocument.of(new BsonDocument("_id", new BsonDouble(1)));
        BsonBytes.putInt64(odd.array(), 9, 0xFFF0_0000_0000_0001L);
        assertThat(DocumentKey.of(odd).canonical()).isEqualTo(key("{$numberDouble: \"NaN\"}"));
    }

    @Test
    @DisplayName("case W4: the names in an array tell no ids apart, as the index has none of them")
    void theNamesInAnArrayTellNoIdsApart() {
        assertThat(DocumentKey.of(RawDocument.wrap(odd())).canonical()).isEqualTo(key("{a: [5]}"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{$oid: \"65f0c0ffee0123456789abcd\"}",
                "\"text\"",
                "7",
                "{$numberLong: \"2147483648\"}",
                "0.5",
                "{$numberDouble: \"NaN\"}",
                "{$numberDecimal: \"0.1\"}",
                "{$date: {$numberLong: \"1\"}}",
                "{$timestamp: {t: 1, i: 1}}",
                "null",
                "true",
                "{a: 1, b: [1, {c: \"x\"}, null, null, null, null, null, null, null, null, null, 2]}"
            })
    @DisplayName("A key that is canonical already is itself: nothing is allocated per record")
    void aKeyThatIsCanonicalIsItself(String id) {
        DocumentKey key = key(id);
        assertThat(key.canonical()).isSameAs(key);
    }

    @Test
    @DisplayName("case W4, Property 14: two keys are one if and only if MongoDB takes them for one")
    void twoKeysAreOneIfMongoDbTakesThemForOne() {
        int[] equal = {0};
        Property.forAll(
                20_000,
                SMALL.list(2, 2),
                pair -> {
                    boolean same = same(pair.getFirst(), pair.getLast());
                    equal[0] += same ? 1 : 0;
                    assertThat(key(pair.getFirst()).canonical())
                            .matches(
                                    one -> one.equals(key(pair.getLast()).canonical()) == same,
                                    same ? "equal" : "different");
                });
        assertThat(equal[0]).isGreaterThan(Integer.getInteger("property.cases", 20_000) / 200);
    }

    @Test
    @DisplayName("case W4, Property 14: a retyped copy of any id is the same id")
    void aRetypedCopyIsTheSameId() {
        Gen<List<BsonValue>> pairs =
                random -> {
                    BsonValue id = BsonGen.ids().next(random);
                    return List.of(id, retyped(id, random));
                };
        Property.forAll(
                20_000,
                pairs,
                pair ->
                        assertThat(key(pair.getFirst()).canonical())
                                .isEqualTo(key(pair.getLast()).canonical()));
    }

    @Test
    @DisplayName("case W4: the canonical key is canonical, means the same, and is BSON")
    void theCanonicalKeyIsCanonical() {
        Property.forAll(
                20_000,
                BsonGen.ids(),
                id -> {
                    DocumentKey canonical = key(id).canonical();
                    assertThat(canonical.canonical()).isSameAs(canonical);
                    assertThat(same(id, canonical.id())).isTrue();
                    RawDocument bytes = canonical.document();
                    BsonValidation.document(bytes.array(), bytes.offset(), bytes.length());
                });
    }

    @Test
    @DisplayName("case W4: hostile bytes have a canonical key, too, which is canonical")
    void hostileBytesHaveACanonicalKey() {
        Property.forAll(
                5_000,
                BsonGen.documentBytes(),
                bytes -> {
                    var key = new BsonBuffer(bytes.length + 16);
                    int start = key.startDocument();
                    key.putDocument("_id", RawDocument.wrap(bytes));
                    key.endDocument(start);
                    DocumentKey canonical =
                            DocumentKey.of(RawDocument.wrap(key.toBytes())).canonical();
                    assertThat(canonical.canonical()).isSameAs(canonical);
                    RawDocument made = canonical.document();
                    BsonValidation.document(made.array(), made.offset(), made.length());
                });
    }

    @Test
    @DisplayName("case W4: a key nested deeper than any document is refused, not a stack overflow")
    void aKeyNestedTooDeepIsRefused() {
        BsonDocument deep = new BsonDocument("n", new BsonInt64(1));
        for (int i = 0; i < 300; i++) {
            deep = new BsonDocument("d", deep);
        }
        DocumentKey key = key(deep);
        assertThatThrownBy(key::canonical)
                .isInstanceOf(MalformedMessageException.class)
                .hasMessageContaining("nested deeper");
    }

    /** {@code {_id: {a: [5]}}}, with the name "x7" in place of "0". */
    private static byte[] odd() {
        var buffer = new BsonBuffer(64);
        int key = buffer.startDocument();
        int id = buffer.startDocument(BsonBytes.DOCUMENT, "_id");
        int array = buffer.startDocument(BsonBytes.ARRAY, "a");
        buffer.putByte(BsonBytes.INT32);
        buffer.putName("x7");
        buffer.putInt32(5);
        buffer.endDocument(array);
        buffer.endDocument(id);
        buffer.endDocument(key);
        return buffer.toBytes();
    }

    /** Numbers of few values and all types, text, and documents, arrays and code with these. */
    private static BsonValue small(RandomGenerator random, int depth) {
        return switch (random.nextInt(depth > 0 ? 8 : 5)) {
            case 0, 1, 2 -> number(random);
            case 3 -> random.nextBoolean() ? new BsonString("a") : new BsonSymbol("a");
            case 4 -> random.nextBoolean() ? BsonNull.VALUE : new BsonObjectId(new ObjectId());
            case 5 -> new BsonArray(List.of(small(random, depth - 1)));
            case 6 -> new BsonJavaScriptWithScope("f", new BsonDocument("a", small(random, 0)));
            default -> new BsonDocument(random.nextBoolean() ? "a" : "b", small(random, depth - 1));
        };
    }

    private static BsonValue number(RandomGenerator random) {
        String[] values = {
            "0",
            "1",
            "-1",
            "0.5",
            "0.1",
            "2147483648",
            "9007199254740992",
            "9007199254740993",
            "9223372036854775807",
            "9223372036854775808",
            "-9223372036854775808",
            "1E+22",
            "1E+23",
            "NaN",
            "Infinity"
        };
        String value = values[random.nextInt(values.length)];
        return switch (random.nextInt(3)) {
            case 0 -> new BsonDouble(Double.parseDouble(value));
            case 1 -> new BsonDecimal128(decimalOf(value, random));
            default -> integer(value);
        };
    }

    private static BsonValue integer(String value) {
        long whole = value.matches("-?\\d{1,18}|-?9223372036854775807") ? Long.parseLong(value) : 7;
        return whole == (int) whole && whole % 2 == 0
                ? new BsonInt32((int) whole)
                : new BsonInt64(whole);
    }

    /** With zeros at its end, sometimes. */
    private static Decimal128 decimalOf(String value, RandomGenerator random) {
        Decimal128 decimal = Decimal128.parse(value);
        if (!decimal.isFinite() || random.nextBoolean()) {
            return decimal;
        }
        BigDecimal number = decimal.bigDecimalValue();
        return new Decimal128(number.setScale(number.scale() + random.nextInt(8)));
    }

    /** Each number as another type that can hold it, strings as symbols. */
    private static BsonValue retyped(BsonValue value, RandomGenerator random) {
        return switch (value) {
            case BsonInt32 number when random.nextBoolean() -> new BsonInt64(number.getValue());
            case BsonInt32 number -> new BsonDouble(number.getValue());
            case BsonInt64 number ->
                    new BsonDecimal128(decimalOf(Long.toString(number.getValue()), random));
            case BsonDouble number when number.getValue() == 0 -> new BsonDouble(-0.0);
            case BsonDouble number when number.getValue() == (int) number.getValue() ->
                    new BsonDecimal128(new Decimal128((long) number.getValue()));
            case BsonString text -> new BsonSymbol(text.getValue());
            case BsonSymbol text -> new BsonString(text.getSymbol());
            case BsonArray array ->
                    new BsonArray(array.stream().map(each -> retyped(each, random)).toList());
            case BsonDocument document -> retypedFields(document, random);
            case BsonJavaScriptWithScope code ->
                    new BsonJavaScriptWithScope(
                            code.getCode(), retypedFields(code.getScope(), random));
            default -> value;
        };
    }

    private static BsonDocument retypedFields(BsonDocument document, RandomGenerator random) {
        var copy = new BsonDocument();
        document.forEach((name, value) -> copy.append(name, retyped(value, random)));
        return copy;
    }

    /** Whether MongoDB takes two values for one, said once more and in another way. */
    private static boolean same(BsonValue one, BsonValue other) {
        if (one.isNumber() || one.isDecimal128()) {
            return (other.isNumber() || other.isDecimal128()) && value(one).equals(value(other));
        }
        return switch (one) {
            case BsonString text -> text.getValue().equals(textOf(other));
            case BsonSymbol text -> text.getSymbol().equals(textOf(other));
            case BsonArray array -> other instanceof BsonArray that && sameElements(array, that);
            case BsonDocument document ->
                    other instanceof BsonDocument that && sameFields(document, that);
            case BsonJavaScriptWithScope code ->
                    other instanceof BsonJavaScriptWithScope that
                            && code.getCode().equals(that.getCode())
                            && sameFields(code.getScope(), that.getScope());
            default -> one.equals(other);
        };
    }

    private static Object value(BsonValue number) {
        return switch (number) {
            case BsonInt32 value -> BigDecimal.valueOf(value.getValue()).stripTrailingZeros();
            case BsonInt64 value -> BigDecimal.valueOf(value.getValue()).stripTrailingZeros();
            case BsonDouble value when !Double.isFinite(value.getValue()) ->
                    Double.toString(value.getValue());
            case BsonDouble value -> new BigDecimal(value.getValue()).stripTrailingZeros();
            case BsonDecimal128 value when !value.getValue().isFinite() ->
                    value.getValue().toString();
            case BsonDecimal128 value when value.getValue().isNegative() ->
                    new BigDecimal(value.getValue().toString()).stripTrailingZeros();
            default -> number.asDecimal128().getValue().bigDecimalValue().stripTrailingZeros();
        };
    }

    private static String textOf(BsonValue value) {
        return switch (value) {
            case BsonString text -> text.getValue();
            case BsonSymbol text -> text.getSymbol();
            default -> "none: " + value.getBsonType();
        };
    }

    private static boolean sameElements(BsonArray one, BsonArray other) {
        Iterator<BsonValue> others = other.iterator();
        return one.size() == other.size()
                && one.stream().allMatch(each -> same(each, others.next()));
    }

    private static boolean sameFields(BsonDocument one, BsonDocument other) {
        Iterator<Map.Entry<String, BsonValue>> others = other.entrySet().iterator();
        return one.size() == other.size()
                && one.entrySet().stream()
                        .allMatch(
                                each -> {
                                    Map.Entry<String, BsonValue> that = others.next();
                                    return each.getKey().equals(that.getKey())
                                            && same(each.getValue(), that.getValue());
                                });
    }

    private static DocumentKey key(String json) {
        return DocumentKey.of(RawDocument.of(BsonDocument.parse("{_id: " + json + "}")));
    }

    private static DocumentKey key(BsonValue id) {
        return DocumentKey.of(RawDocument.of(new BsonDocument("_id", id)));
    }

    private static BsonValue decimal(String bits) {
        long high = HexFormat.fromHexDigitsToLong(bits, 0, 16);
        long low = HexFormat.fromHexDigitsToLong(bits, 16, 32);
        return new BsonDecimal128(Decimal128.fromIEEE754BIDEncoding(high, low));
    }
}
