package dev.cdcpipeline.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cdcpipeline.model.wire.RecordHeaders;
import dev.cdcpipeline.model.wire.RecordKind;
import dev.cdcpipeline.model.wire.StreamId;
import dev.cdcpipeline.testkit.BsonGen;
import dev.cdcpipeline.testkit.Gen;
import dev.cdcpipeline.testkit.Property;

import org.bson.BsonBinary;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.bson.BsonTimestamp;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

class ValuesTest {

    @Test
    @DisplayName("2.2 Property 3: a resume token reads back identical from its text and its bytes")
    void readsTokensBack() {
        Property.forAll(
                Gen.bytes(1, 200),
                bytes -> {
                    ResumeToken token = ResumeToken.ofBytes(bytes);
                    assertThat(ResumeToken.ofHex(token.toHex())).isEqualTo(token);
                    assertThat(ResumeToken.of(RawDocument.of(token.toDocument()))).isEqualTo(token);
                    assertThat(token.toBytes()).isEqualTo(bytes);
                });
    }

    @Test
    @DisplayName("2.2 Property 3: the type bits of a resume token are kept, and do not order it")
    void keepsTypeBits() {
        Property.forAll(
                Gen.bytes(0, 20),
                bits -> {
                    BsonDocument written =
                            new BsonDocument("_data", new BsonString("82AB"))
                                    .append("_typeBits", new BsonBinary(bits));
                    ResumeToken token = ResumeToken.of(RawDocument.of(written));
                    assertThat(token.toDocument()).isEqualTo(written);
                    assertThat(token).isEqualTo(ResumeToken.ofHex("82AB"));
                });
    }

    @Test
    void ordersTokensAsMongoDbOrdersTheirText() {
        Gen<ResumeToken> tokens = Gen.bytes(1, 3).map(ResumeToken::ofBytes);
        Property.forAll(
                1_000,
                tokens.list(2, 2),
                pair -> {
                    int byText = pair.get(0).toHex().compareTo(pair.get(1).toHex());
                    int byBytes = pair.get(0).compareTo(pair.get(1));
                    assertThat(Integer.signum(byBytes)).isEqualTo(Integer.signum(byText));
                });
    }

    @Test
    void refusesTokensThatAreNotHexadecimal() {
        assertThatThrownBy(() -> ResumeToken.ofHex("82x"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ResumeToken.ofHex(""))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ResumeToken.of(RawDocument.EMPTY))
                .isInstanceOf(MalformedMessageException.class);
    }

    @Test
    @DisplayName("I3 versions order as cluster times do, far beyond 2038")
    void ordersVersionsAsTimes() {
        Gen<BsonTimestamp> times =
                random ->
                        new BsonTimestamp(
                                Gen.ints().next(random), random.nextInt(Integer.MAX_VALUE));
        Property.forAll(
                1_000,
                times.list(2, 2),
                pair -> {
                    Version first = Version.of(pair.get(0));
                    Version second = Version.of(pair.get(1));
                    assertThat(first.value()).isNotNegative();
                    assertThat(first.toTimestamp()).isEqualTo(pair.get(0));
                    assertThat(Integer.signum(first.compareTo(second)))
                            .isEqualTo(Integer.signum(pair.get(0).compareTo(pair.get(1))));
                });
    }

    @Test
    void ordersPositionsByGenerationFirst() {
        Position late = new Position(0, ResumeToken.ofHex("FF"));
        Position replayed = new Position(1, ResumeToken.ofHex("00"));

        assertThat(late).isLessThan(replayed);
        assertThat(late).isGreaterThan(new Position(0, ResumeToken.ofHex("82")));
    }

    @Test
    void readsNamespaces() {
        assertThat(Namespace.parse("shop.orders.eu"))
                .isEqualTo(new Namespace("shop", "orders.eu"))
                .hasToString("shop.orders.eu");
        assertThat(Namespace.parse("shop")).isEqualTo(Namespace.ofDatabase("shop"));
        assertThatThrownBy(() -> Namespace.parse(".orders"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    @DisplayName("3.5 record headers read back equal")
    void readsHeadersBack() {
        Gen<RecordHeaders> headers =
                random ->
                        new RecordHeaders(
                                random.nextInt(4) == 0
                                        ? null
                                        : new Position(
                                                Gen.longs(0, Long.MAX_VALUE).next(random),
                                                ResumeToken.ofBytes(Gen.bytes(1, 80).next(random))),
                                new Version(Gen.longs(0, Long.MAX_VALUE).next(random)),
                                Gen.elements(RecordKind.values()).next(random),
                                random.nextBoolean() ? null : new StreamId(random.nextLong()));
        Property.forAll(
                headers,
                written -> {
                    Map<String, byte[]> map = new HashMap<>();
                    written.forEach(map::put);
                    assertThat(RecordHeaders.read(map::get)).isEqualTo(written);
                });
    }

    @Test
    void refusesHeadersThatAreNotWhatTheyShouldBe() {
        Property.forAll(
                Gen.bytes(0, 12),
                bytes -> {
                    Map<String, byte[]> map =
                            Map.of(RecordHeaders.KIND, bytes, RecordHeaders.VERSION, new byte[8]);
                    assertThatThrownBy(() -> RecordHeaders.read(map::get))
                            .isInstanceOf(MalformedMessageException.class);
                });
        assertThat(RecordHeaders.read(name -> null)).isNull();
        assertThatThrownBy(
                        () ->
                                RecordHeaders.read(
                                        name ->
                                                name.equals(RecordHeaders.KIND)
                                                        ? "change"
                                                                .getBytes(StandardCharsets.US_ASCII)
                                                        : null))
                .isInstanceOf(MalformedMessageException.class);
    }

    @Test
    void looksUpFieldsWithoutReadingTheRest() {
        Property.forAll(
                500,
                BsonGen.documents(),
                document -> {
                    RawDocument raw = RawDocument.of(document);
                    assertThat(raw.toBsonDocument()).isEqualTo(document);
                    assertThat(raw)
                            .isEqualTo(RawDocument.of(document))
                            .hasSameHashCodeAs(RawDocument.of(document));
                    document.forEach((name, value) -> assertThat(raw.get(name)).isEqualTo(value));
                    assertThat(raw.has("no such name")).isFalse();
                    assertThat(raw.document("no such name")).isNull();
                });
    }

    @Test
    void isAViewOfAPartOfAnArray() {
        RawDocument inner = RawDocument.of(new BsonDocument("a", new BsonString("b")));
        byte[] array = new byte[inner.length() + 10];
        System.arraycopy(inner.toBytes(), 0, array, 7, inner.length());

        RawDocument view = RawDocument.wrap(array, 7, inner.length());

        assertThat(view).isEqualTo(inner);
        assertThat(view.string("a")).isEqualTo("b");
        assertThat(view.toBytes()).isEqualTo(inner.toBytes());
        assertThatThrownBy(() -> RawDocument.wrap(array, 6, inner.length()))
                .isInstanceOf(MalformedMessageException.class);
    }
}
