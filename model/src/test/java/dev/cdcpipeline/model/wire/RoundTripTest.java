package dev.cdcpipeline.model.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cdcpipeline.model.ChangeEvent;
import dev.cdcpipeline.model.DocumentKey;
import dev.cdcpipeline.model.RawDocument;
import dev.cdcpipeline.testkit.BsonGen;
import dev.cdcpipeline.testkit.Gen;
import dev.cdcpipeline.testkit.Property;

import org.bson.BsonArray;
import org.bson.BsonBinary;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonString;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is written is read back with the same bytes. */
class RoundTripTest {

    private static final int CASES = 5_000;

    private final EventReader reader = new EventReader();

    @ParameterizedTest
    @EnumSource
    @DisplayName("3.5 4.2 Property 9: an event reads back with the same BSON bytes")
    void readsBackWhatWasWritten(WireFormat format) {
        EventWriter writer = new EventWriter(format);
        Gen<ChangeEvent> events =
                BsonGen.eventBytes().map(bytes -> ChangeEvent.of(RawDocument.wrap(bytes)));
        Property.forAll(
                CASES,
                events,
                event -> assertThat(reader.read(writer.value(event))).isEqualTo(event));
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("1.7 3.5 an event of over 16 MB reads back with the same BSON bytes")
    void readsBackTheLargestEvents(WireFormat format) {
        BsonArray text = new BsonArray();
        for (int i = 0; i < 250_000; i++) {
            text.add(new BsonString("é line " + i));
        }
        BsonDocument large =
                new BsonDocument("operationType", new BsonString("insert"))
                        .append("text", text)
                        .append("bytes", new BsonBinary(new byte[16 * 1024 * 1024]))
                        .append("$oid", new BsonInt32(1));
        ChangeEvent event = ChangeEvent.of(RawDocument.of(large));
        BsonDocument enclosing = large.clone();
        enclosing.remove("$oid");
        ChangeEvent readable = ChangeEvent.of(RawDocument.of(enclosing));
        EventWriter writer = new EventWriter(format);

        assertThat(reader.read(writer.value(event))).isEqualTo(event);
        assertThat(reader.read(writer.value(readable))).isEqualTo(readable);
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName(
            "3.5 4.2 Property 9: a key reads back as the canonical key with the same BSON bytes")
    void readsBackKeys(WireFormat format) {
        EventWriter writer = new EventWriter(format);
        Property.forAll(
                CASES,
                keys(),
                key ->
                        assertThat(reader.readKey(writer.key(key)).canonical())
                                .isEqualTo(reader.readKey(writer.key(key)))
                                .isEqualTo(key.canonical()));
    }

    @Test
    @DisplayName(
            "case W2: the bytes of a key, and so its partition, do not hang on the wire format")
    void theBytesOfAKeyDoNotHangOnTheWireFormat() {
        EventWriter json = new EventWriter(WireFormat.JSON);
        EventWriter bson = new EventWriter(WireFormat.BSON);
        Property.forAll(CASES, keys(), key -> assertThat(bson.key(key)).isEqualTo(json.key(key)));
    }

    private static Gen<DocumentKey> keys() {
        return BsonGen.ids().map(id -> DocumentKey.of(RawDocument.of(new BsonDocument("_id", id))));
    }
}
