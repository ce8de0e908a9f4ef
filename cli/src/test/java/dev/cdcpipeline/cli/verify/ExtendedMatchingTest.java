package dev.cdcpipeline.cli.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cdcpipeline.model.RawDocument;
import dev.cdcpipeline.model.json.ExtendedJson;
import dev.cdcpipeline.testkit.BsonGen;
import dev.cdcpipeline.testkit.Property;

import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonInt64;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.bson.RawBsonDocument;
import org.bson.codecs.BsonDocumentCodec;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

class ExtendedMatchingTest {

    private final ExtendedJson renderer = ExtendedJson.forJsonb();

    @Test
    @DisplayName("15 whatever the Syncer renders as Extended JSON says what the document says")
    void acceptsWhatTheSyncerRenders() {
        Property.forAll(
                1_000,
                BsonGen.documents(),
                document ->
                        assertThat(ExtendedMatching.mismatch(document, render(document))).isNull());
    }

    @Test
    @DisplayName("15 a value of a document that another one stands for is found, also by its type")
    void findsOneChangedValue() {
        Property.forAll(
                500,
                BsonGen.values(),
                value -> {
                    BsonValue other =
                            value.isInt32()
                                    ? new BsonInt64(value.asInt32().getValue())
                                    : new BsonInt32(5);
                    var expected = new BsonDocument("a", new BsonDocument("b", value));
                    var changed = new BsonDocument("a", new BsonDocument("b", other));

                    assertThat(ExtendedMatching.mismatch(expected, render(changed)))
                            .isNotNull()
                            .extracting(Mismatch::path)
                            .isEqualTo("a.b");
                });
    }

    @ParameterizedTest
    @DisplayName("15 bytes that are no text or no usual number are compared too: {0}")
    @CsvSource({
        // {x: "<not UTF-8>"}
        "0f000000027800 03000000 fffe00 00",
        // {"<not UTF-8>": 1}
        "0c00000010ff0001000000 00",
        // {x: NaN with unusual bits}
        "10000000017800 010000000000f87f 00",
        // {x: ["a"] whose index is 7}
        "16000000047800 0e000000 023700 02000000 6100 00 00",
        // {x: Decimal128 with a significand of over 34 digits}
        "18000000137800 ffffffffffffffffffffffffffff4130 00",
    })
    void comparesWhatIsKeptRaw(String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex.replace(" ", ""));
        BsonDocument document = new RawBsonDocument(bytes).decode(new BsonDocumentCodec());

        String row = new String(renderer.render(RawDocument.wrap(bytes)), StandardCharsets.UTF_8);

        assertThat(row).contains("$cdc.raw");
        assertThat(ExtendedMatching.mismatch(document, row)).isNull();
        assertThat(ExtendedMatching.mismatch(new BsonDocument("x", new BsonString("?")), row))
                .isNotNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"a\": 1} | {\"a\": 1} |",
                "{\"a\": 1, \"b\": 2} | {\"b\": 2, \"a\": 1} |",
                "{\"a\": -0.0} | {\"a\": 0.0} |",
                "{\"a\": 1} | {\"a\": {\"$numberLong\": \"1\"}} | a",
                "{\"a\": 1} | {\"a\": 1.0} | a",
                "{\"a\": 1} | {} | a",
                "{} | {\"a\": 1} | the document",
                "{\"a\": [1, 2]} | {\"a\": [1]} | a",
                "{\"a\": [1, {\"b\": 2}]} | {\"a\": [1, {\"b\": 3}]} | a[1].b",
                "{\"a\": {\"$oid\": \"65f1a2b3c4d5e6f708192a3b\"}} | {\"a\": \"65f1a2b3c4d5e6f708192a3b\"} | a",
                "{\"a\": {\"$code\": \"f\", \"$scope\": {\"b\": 1}}} | {\"a\": {\"$code\": \"f\", \"$scope\": {\"b\": 2}}} | a.$scope.b",
                "{\"a\": 1} | [1] | the document",
                "{\"a\": 1} | {\"a\": {\"$oid\": \"?\"}} | the document",
                "{\"a\": 1} | {\"a\": {\"$cdc.raw\": 1}} | the document",
            })
    void saysWhereTheyPart(String document, String row, String path) {
        Mismatch mismatch = ExtendedMatching.mismatch(BsonDocument.parse(document), row);

        assertThat(mismatch == null ? null : mismatch.path()).isEqualTo(path);
    }

    private String render(BsonDocument document) {
        return new String(renderer.render(RawDocument.of(document)), StandardCharsets.UTF_8);
    }
}
