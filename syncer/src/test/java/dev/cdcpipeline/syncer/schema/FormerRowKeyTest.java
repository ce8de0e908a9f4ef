package dev.cdcpipeline.syncer.schema;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cdcpipeline.model.DocumentKey;
import dev.cdcpipeline.model.RawDocument;
import dev.cdcpipeline.syncer.support.FormerKeys;
import dev.cdcpipeline.testkit.BsonGen;
import dev.cdcpipeline.testkit.Gen;
import dev.cdcpipeline.testkit.Property;

import org.bson.BsonDecimal128;
import org.bson.BsonDocument;
import org.bson.BsonDouble;
import org.bson.BsonInt64;
import org.bson.BsonValue;
import org.bson.types.Decimal128;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FormerRowKeyTest {

    @ParameterizedTest(name = "case W4: a row that was {0} is now {1}")
    @CsvSource({
        "$long:42, 42",
        "$long:-1, -1",
        "$double:1.0, 1",
        "$double:-0.0, 0",
        "$double:5.0E9, 5000000000",
        "$double:1.5, $double:1.5",
        "$double:1.0E19, $double:1.0E19",
        "$double:0xfff0000000000001, $double:NaN",
        "$decimal:1.50, $double:1.5",
        "$decimal:1E+3, 1000",
        "$decimal:-0E-6176, 0",
        "$decimal:0.10, $decimal:0.1",
        "$decimal:NaN, $double:NaN",
        "$decimal:-Infinity, $double:-Infinity",
        "$decimal:0x60000000000000000000000000000000, 0",
        "$bson:DQAAAA4AAgAAAHMAAA, s",
        "$bson:DQAAAAIAAgAAAAAAAA, $bson:DQAAAAIAAgAAAAAAAA",
    })
    void aRowThatWas(String former, String now) {
        assertThat(FormerRowKey.canonical(former)).isEqualTo(now);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "42",
                "alice",
                "$string:$long:1",
                "$null",
                "$long:",
                "$long:x",
                "$double:",
                "$decimal:0x12",
                "$decimal:x",
                "$bson:",
                "$bson:!",
                "$bson:BQAAAAA",
                "$bson:AAAA",
                "$sha256:00",
                "$uuid:x"
            })
    @DisplayName("case W4: any other text stays as it is, also what somebody wrote by hand")
    void anyOtherTextStays(String text) {
        assertThat(FormerRowKey.canonical(text)).isEqualTo(text);
    }

    @Test
    @DisplayName("case W4: of any former key of any id comes the key of today")
    void ofAnyFormerKeyComesTheKeyOfToday() {
        Gen<BsonValue> ids =
                Gen.oneOf(
                        BsonGen.ids(),
                        Gen.ints(-50, 50).map(value -> new BsonInt64(value)),
                        Gen.doubles().map(BsonDouble::new),
                        Gen.ints(-50, 50).map(value -> new BsonDouble(value / 2.0)),
                        Gen.longs().map(value -> new BsonDecimal128(new Decimal128(value))),
                        BsonGen.decimals().map(BsonDecimal128::new));
        Property.forAll(
                20_000,
                ids,
                id -> {
                    String today =
                            RowKey.of(DocumentKey.of(RawDocument.of(new BsonDocument("_id", id))));
                    String former = FormerKeys.of(id);
                    assertThat(FormerRowKey.canonical(former)).isEqualTo(today);
                    assertThat(FormerRowKey.canonical(today)).isEqualTo(today);
                    assertThat(
                                    former.equals(today)
                                            || FormerRowKey.PREFIXES.stream()
                                                    .anyMatch(former::startsWith))
                            .isTrue();
                });
    }
}
