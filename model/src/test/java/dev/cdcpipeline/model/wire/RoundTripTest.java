package dev.cdcpipeline.model.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cdcpipeline.model.ChangeEvent;
import dev.cdcpipeline.model.DocumentKey;
import dev.cdcpipeline.model.RawDocument;
import dev.cdcpipeline.testkit.BsonGen;
import dev.cdcpipeline.testkit.Gen;
import dev.cdcpipeline.testkit.Property;

import org.bson.BsonDocument;
import org.junit.jupiter.api.DisplayName;
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
    @DisplayName("3.5 4.2 Property 9: a key reads back with the same BSON bytes")
    void readsBackKeys(WireFormat format) {
        EventWriter writer = new EventWriter(format);
        Gen<DocumentKey> keys =
                BsonGen.ids()
                        .map(id -> DocumentKey.of(RawDocument.of(new BsonDocument("_id", id))));
        Property.forAll(
                CASES, keys, key -> assertThat(reader.readKey(writer.key(key))).isEqualTo(key));
    }
}
