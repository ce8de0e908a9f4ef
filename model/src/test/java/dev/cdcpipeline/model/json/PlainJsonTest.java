package dev.cdcpipeline.model.json;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cdcpipeline.model.RawDocument;
import dev.cdcpipeline.testkit.BsonGen;
import dev.cdcpipeline.testkit.Property;

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
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;

class PlainJsonTest {

    private static final ObjectId OBJECT_ID = new ObjectId("0123456789abcdef01234567");

    private final PlainJson plain = new PlainJson();

    @Test
    @DisplayName("8.1 what is rendered is always valid for jsonb, for every BSON type")
    void rendersValidJsonb() {
        Property.forAll(
                3_000,
                BsonGen.documentBytes(),
                bytes ->
                        assertThat(StrictJson.parse(plain.render(RawDocument.wrap(bytes))))
                                .isInstanceOf(Map.class));
    }

    @Test
    @DisplayName("8.1 Extended JSON for jsonb is always valid for jsonb")
    void rendersValidExtendedJsonb() {
        ExtendedJson extended = ExtendedJson.forJsonb();
        Property.forAll(
                3_000,
                BsonGen.documentBytes(),
                bytes ->
                        assertThat(StrictJson.parse(extended.render(RawDocument.wrap(bytes))))
                                .isInstanceOf(Map.class));
    }

    @Test
    void rendersNumbersAsNumbers() {
        assertThat(render(new BsonInt32(-7))).isEqualTo("-7");
        assertThat(render(new BsonInt64(7))).isEqualTo("7");
        assertThat(render(new BsonInt64(Long.MIN_VALUE))).isEqualTo("-9223372036854775808");
        assertThat(render(new BsonDouble(19.99))).isEqualTo("19.99");
        assertThat(render(new BsonDouble(1))).isEqualTo("1.0");
        assertThat(render(new BsonDouble(1e300))).isEqualTo("1.0E300");
        assertThat(render(decimal("1.00"))).isEqualTo("1.00");
        assertThat(render(decimal("-0"))).isEqualTo("-0");
        assertThat(render(decimal("0.000001"))).isEqualTo("0.000001");
        assertThat(render(decimal("1E-7"))).isEqualTo("1E-7");
        assertThat(render(decimal("1E+6144"))).startsWith("1.000").endsWith("E+6144");
        assertThat(render(decimal("9.999999999999999999999999999999999E+6144")))
                .isEqualTo("9.999999999999999999999999999999999E+6144");
    }

    @Test
    void rendersNumbersThatSqlDoesNotKnowAsStrings() {
        assertThat(render(new BsonDouble(Double.NaN))).isEqualTo("\"NaN\"");
        assertThat(render(new BsonDouble(Double.POSITIVE_INFINITY))).isEqualTo("\"Infinity\"");
        assertThat(render(decimal("-Infinity"))).isEqualTo("\"-Infinity\"");
        assertThat(render(decimal("NaN"))).isEqualTo("\"NaN\"");
    }

    @Test
    void rendersIdentifiersAndBinaries() {
        BsonBinary uuid = new BsonBinary((byte) 4, new byte[16]);
        assertThat(render(new BsonObjectId(OBJECT_ID))).isEqualTo("\"0123456789abcdef01234567\"");
        assertThat(render(uuid)).isEqualTo("\"00000000-0000-0000-0000-000000000000\"");
        assertThat(render(new BsonBinary(new byte[] {1, 2}))).isEqualTo("\"AQI=\"");
        assertThat(render(new BsonBinary((byte) 2, new byte[] {1, 2}))).isEqualTo("\"AQI=\"");
        assertThat(render(new BsonDbPointer("a.b", OBJECT_ID)))
                .isEqualTo("{\"ref\":\"a.b\",\"id\":\"0123456789abcdef01234567\"}");
    }

    @Test
    void rendersTimes() {
        assertThat(render(new BsonDateTime(0))).isEqualTo("\"1970-01-01T00:00:00Z\"");
        assertThat(render(new BsonDateTime(-1))).isEqualTo("\"1969-12-31T23:59:59.999Z\"");
        assertThat(render(new BsonDateTime(951_782_400_000L)))
                .isEqualTo("\"2000-02-29T00:00:00Z\"");
        assertThat(render(new BsonDateTime(253_402_300_800_000L)))
                .isEqualTo("\"+10000-01-01T00:00:00Z\"");
        assertThat(render(new BsonDateTime(Long.MIN_VALUE)))
                .isEqualTo("\"-292275055-05-16T16:47:04.192Z\"");
        assertThat(render(new BsonTimestamp(-1, 5))).isEqualTo("{\"t\":4294967295,\"i\":5}");
    }

    @Test
    void rendersDatesAsTheJdkDoes() {
        Property.forAll(
                2_000,
                BsonGen.dates(),
                millis -> {
                    String expected =
                            Instant.ofEpochMilli(millis)
                                    .toString()
                                    .replaceFirst("(\\.\\d{3})0*Z", "$1Z");
                    assertThat(render(new BsonDateTime(millis))).isEqualTo("\"" + expected + "\"");
                });
    }

    @Test
    void rendersTheRest() {
        assertThat(render(new BsonString("a\"b\\c\n\u0001é😀")))
                .isEqualTo("\"a\\\"b\\\\c\\n\\u0001é😀\"");
        assertThat(render(BsonBoolean.TRUE)).isEqualTo("true");
        assertThat(render(BsonNull.VALUE)).isEqualTo("null");
        assertThat(render(new BsonUndefined())).isEqualTo("null");
        assertThat(render(new BsonMinKey())).isEqualTo("\"MinKey\"");
        assertThat(render(new BsonMaxKey())).isEqualTo("\"MaxKey\"");
        assertThat(render(new BsonSymbol("s"))).isEqualTo("\"s\"");
        assertThat(render(new BsonJavaScript("x()"))).isEqualTo("\"x()\"");
        assertThat(
                        render(
                                new BsonJavaScriptWithScope(
                                        "x()", new BsonDocument("n", new BsonInt32(1)))))
                .isEqualTo("{\"code\":\"x()\",\"scope\":{\"n\":1}}");
        assertThat(render(new BsonRegularExpression("^a/b", "i")))
                .isEqualTo("{\"pattern\":\"^a/b\",\"options\":\"i\"}");
        assertThat(render(BsonDocument.parse("{\"a\": [1, {}, []]}")))
                .isEqualTo("{\"a\":[1,{},[]]}");
    }

    @Test
    void keepsTextThatJsonbCannotHoldAsBase64() {
        String bytes = Base64.getEncoder().encodeToString("a\0b".getBytes(StandardCharsets.UTF_8));

        assertThat(render(new BsonString("a\0b"))).isEqualTo("{\"$cdc.string\":\"" + bytes + "\"}");
    }

    @Test
    void keepsDocumentsThatLookLikeASubstituteRaw() {
        BsonDocument lookalike = new BsonDocument("$cdc.string", new BsonString("YQ=="));

        assertThat(render(lookalike)).startsWith("{\"$cdc.raw\":\"");
    }

    private String render(BsonValue value) {
        RawDocument document = RawDocument.of(new BsonDocument("v", value));
        String json = new String(plain.render(document), StandardCharsets.UTF_8);
        assertThat(json).startsWith("{\"v\":").endsWith("}");
        return json.substring(5, json.length() - 1);
    }

    private static BsonDecimal128 decimal(String text) {
        return new BsonDecimal128(Decimal128.parse(text));
    }
}
