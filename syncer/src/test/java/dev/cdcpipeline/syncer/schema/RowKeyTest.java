package dev.cdcpipeline.syncer.schema;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cdcpipeline.testkit.BsonGen;
import dev.cdcpipeline.testkit.Gen;
import dev.cdcpipeline.testkit.Property;

import org.bson.BsonBinary;
import org.bson.BsonDateTime;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonInt64;
import org.bson.BsonObjectId;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.bson.RawBsonDocument;
import org.bson.codecs.BsonDocumentCodec;
import org.bson.types.ObjectId;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

class RowKeyTest {

    @Test
    @DisplayName("An ObjectId is its 24 hex digits")
    void anObjectIdIsItsHexDigits() {
        var id = new ObjectId("65f1a2b3c4d5e6f708192a3b");
        assertThat(RowKey.of(new BsonObjectId(id))).isEqualTo("65f1a2b3c4d5e6f708192a3b");
    }

    @ParameterizedTest
    @ValueSource(strings = {"alice", "A-17", "zürich", "65F1A2B3C4D5E6F708192A3B", "1.5", "+1"})
    @DisplayName("A string is itself")
    void aStringIsItself(String id) {
        assertThat(RowKey.of(new BsonString(id))).isEqualTo(id);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "42", "-1", "$date:x", "$string:a", "65f1a2b3c4d5e6f708192a3b"})
    @DisplayName("A string that looks like another type's form is marked as a string")
    void aStringThatLooksLikeAnotherTypeIsMarked(String id) {
        assertThat(RowKey.of(new BsonString(id))).isEqualTo("$string:" + id);
    }

    @Test
    @DisplayName("Numbers and dates are readable")
    void numbersAndDatesAreReadable() {
        assertThat(RowKey.of(new BsonInt32(42))).isEqualTo("42");
        assertThat(RowKey.of(new BsonInt64(5_000_000_000L))).isEqualTo("5000000000");
        assertThat(RowKey.of(new BsonInt64(42))).isEqualTo("$long:42");
        assertThat(RowKey.of(new BsonDateTime(0))).isEqualTo("$date:1970-01-01T00:00:00Z");
        var uuid = new BsonBinary(new java.util.UUID(1, 2));
        assertThat(RowKey.of(uuid)).isEqualTo("$uuid:00000000-0000-0001-0000-000000000002");
    }

    @Test
    @DisplayName("Design 5: two different identifiers of any BSON types never have one row key")
    void isInjective() {
        Map<String, BsonDocument> seen = new HashMap<>();
        Gen<BsonValue> hostile =
                Gen.oneOf(
                        BsonGen.values(),
                        Gen.ints(-50, 50).map(BsonInt32::new),
                        Gen.ints(-50, 50).map(value -> new BsonInt64(value)),
                        Gen.ints(-50, 50).map(value -> new BsonString(value.toString())),
                        Gen.strings(4).map(BsonString::new),
                        BsonGen.values().map(value -> new BsonString(RowKey.of(value))));
        Property.forAll(
                20_000,
                hostile,
                value -> {
                    String key = RowKey.of(value);
                    assertThat(key).isNotEmpty().doesNotContain("\0");
                    assertThat(key.getBytes(StandardCharsets.UTF_8).length)
                            .isLessThanOrEqualTo(2_000);
                    BsonDocument bytes = raw(value);
                    BsonDocument other = seen.putIfAbsent(key, bytes);
                    assertThat(other == null || other.equals(bytes)).isTrue();
                });
    }

    private static BsonDocument raw(BsonValue value) {
        return new RawBsonDocument(new BsonDocument("", value), new BsonDocumentCodec());
    }
}
