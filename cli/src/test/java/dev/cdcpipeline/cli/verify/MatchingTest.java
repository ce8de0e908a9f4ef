package dev.cdcpipeline.cli.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cdcpipeline.model.RawDocument;
import dev.cdcpipeline.model.json.PlainJson;
import dev.cdcpipeline.testkit.BsonGen;
import dev.cdcpipeline.testkit.Property;

import org.bson.BsonArray;
import org.bson.BsonDateTime;
import org.bson.BsonDecimal128;
import org.bson.BsonDocument;
import org.bson.BsonDouble;
import org.bson.BsonInt32;
import org.bson.BsonInt64;
import org.bson.BsonNull;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.bson.types.Decimal128;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;

class MatchingTest {

    private final PlainJson renderer = new PlainJson();

    @Test
    @DisplayName("15 whatever the Syncer renders, of every BSON type, says what the document says")
    void acceptsWhatTheSyncerRenders() {
        Property.forAll(
                1_000,
                BsonGen.documents(),
                document -> {
                    // Names that occur twice are outside: BsonDocument itself keeps only one of
                    // them.
                    Json json = JsonParser.parse(render(document));

                    assertThat(Matching.mismatch(document, json)).isNull();
                });
    }

    @Test
    @DisplayName("15 one changed value of a document is found, wherever it is")
    void findsOneChangedValue() {
        Property.forAll(
                BsonGen.documents(),
                document -> {
                    BsonDocument changed = document.clone();
                    changed.put("changed", new BsonString("after"));
                    BsonDocument nested =
                            new BsonDocument("outer", new BsonArray(List.of(changed)));
                    BsonDocument expected =
                            new BsonDocument(
                                    "outer",
                                    new BsonArray(
                                            List.of(
                                                    document.clone()
                                                            .append(
                                                                    "changed",
                                                                    new BsonString("before")))));

                    Mismatch mismatch =
                            Matching.mismatch(expected, JsonParser.parse(render(nested)));

                    assertThat(mismatch).isNotNull();
                });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"a\": 1, \"b\": [2, {\"c\": 3}]} | {\"a\": 1, \"b\": [2, {\"c\": 4}]} | b[1].c",
                "{\"a\": 1} | {} | a",
                "{} | {\"a\": 1} | the document",
                "{\"a\": [1, 2]} | {\"a\": [1]} | a",
                "{\"a\": null} | {\"a\": 0} | a",
                "{\"a\": \"1\"} | {\"a\": 1} | a",
                "{\"a\": {\"$numberDecimal\": \"1.10\"}} | {\"a\": 1.11} | a",
                "{\"a\": {\"$date\": \"2026-01-01T00:00:00Z\"}} | {\"a\": \"2026-01-01T00:00:00.001Z\"} | a",
                "{\"a\": {\"$oid\": \"65f1a2b3c4d5e6f708192a3b\"}} | {\"a\": \"65f1a2b3c4d5e6f708192a3c\"} | a",
            })
    void saysWhereTheyPart(String document, String row, String path) {
        Mismatch mismatch = Matching.mismatch(BsonDocument.parse(document), JsonParser.parse(row));

        assertThat(mismatch).isNotNull().extracting(Mismatch::path).isEqualTo(path);
    }

    @Test
    void takesNumbersByTheirValueAndNotByTheirText() {
        assertThat(says(new BsonDouble(1e300), "1" + "0".repeat(300))).isTrue();
        assertThat(says(new BsonDouble(-0.0), "0")).isTrue();
        assertThat(says(new BsonInt64(Long.MAX_VALUE), "9223372036854775807")).isTrue();
        assertThat(says(new BsonInt64(Long.MAX_VALUE), "9223372036854775806")).isFalse();
        assertThat(says(new BsonInt32(5), "5.00")).isTrue();
        assertThat(says(new BsonDouble(0.1), "0.1")).isTrue();
        assertThat(says(new BsonDouble(Double.NaN), "\"NaN\"")).isTrue();
    }

    @Test
    @DisplayName("15 a Decimal128 with a significand over 34 digits is zero, as in the row")
    void takesATooLongSignificandForZero() {
        var tooLong = Decimal128.fromIEEE754BIDEncoding(0x3041ffffffffffffL, -1L);
        var longest = Decimal128.parse("9".repeat(34));

        assertThat(says(new BsonDecimal128(tooLong), "0")).isTrue();
        assertThat(says(new BsonDecimal128(tooLong), "1")).isFalse();
        assertThat(says(new BsonDecimal128(longest), "9".repeat(34))).isTrue();
        assertThat(says(new BsonDecimal128(longest), "0")).isFalse();
    }

    @Test
    void takesDatesByTheirInstant() {
        long millis = Instant.parse("1969-12-31T23:59:59.999Z").toEpochMilli();

        assertThat(says(new BsonDateTime(millis), "\"1969-12-31T23:59:59.999Z\"")).isTrue();
        assertThat(says(new BsonDateTime(millis), "\"yesterday\"")).isFalse();
        assertThat(says(BsonNull.VALUE, "\"null\"")).isFalse();
    }

    private static boolean says(BsonValue value, String json) {
        return Matching.mismatch(
                        new BsonDocument("a", value), JsonParser.parse("{\"a\": " + json + "}"))
                == null;
    }

    private String render(BsonDocument document) {
        return new String(renderer.render(RawDocument.of(document)), StandardCharsets.UTF_8);
    }
}
