package dev.cdcpipeline.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cdcpipeline.testkit.Gen;
import dev.cdcpipeline.testkit.Property;

import org.bson.BsonDocument;
import org.bson.BsonTimestamp;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Objects;
import java.util.UUID;

/** Tokens of real servers, and of others. */
class TokenFieldsTest {
    private static final String OF_A_DROP =
            "826B0DC9BF000000022B022C0100296E5A10048FA428256E01404692B545E885E3192904";

    @ParameterizedTest
    @DisplayName("case C3: the token of an invalidate says that it is one")
    @ValueSource(
            strings = {
                "826B02D5A8000000062B022C0100296F5A1004A4C0FD7DE6B54E3AA76A5C4D1C15EEC904",
                "826B0DC9DC0000000F2B022C0100296F04",
                // In a transaction of many, and as version 2.
                "826B02D5A8000000062B022C01002B046F5A1004A4C0FD7DE6B54E3AA76A5C4D1C15EEC904",
                "826B02D5A8000000062B042C01002C03E86F14463C6F7065726174696F6E54797065003C00000004"
            })
    void knowsInvalidates(String hex) {
        assertThat(ResumeToken.ofHex(hex).isFromInvalidate()).isTrue();
    }

    @ParameterizedTest
    @DisplayName("case C3: no other token does, nor one of another make")
    @ValueSource(
            strings = {
                OF_A_DROP,
                "826B0DC9DC0000000F2B022C0100296E04",
                "8262E1EC1A000000012B0229296E04",
                "8262E1EC1A000000012B0429296E1404",
                // A high-water mark at a time that looks like the flag; a token of 4.0.
                "826F6F6F6F6F6F6F6F2B0229296E04",
                "825C8A6E6F000000016E6F5A1004A4C0FD7DE6B54E3AA76A5C4D1C15EEC904",
                "016F6F6F6F6F6F6F6F2B022C0100296F04",
                "82",
                "6F"
            })
    void knowsOthers(String hex) {
        assertThat(ResumeToken.ofHex(hex).isFromInvalidate()).isFalse();
    }

    @ParameterizedTest
    @DisplayName("case C2: a token says of which collection it is, where it is of one")
    @CsvSource({
        OF_A_DROP + ", 8fa42825-6e01-4046-92b5-45e885e31929",
        "826B0DC9BF000000022B042C0100296E5A10048FA428256E01404692B545E885E319293C04,"
                + " 8fa42825-6e01-4046-92b5-45e885e31929",
        "826B0DC9DC0000000F2B022C0100296E04,",
        "8262E1EC1A000000012B0229296E04,",
        "826B0DC9BF000000022B022C0100296E5A10048FA4,"
    })
    void knowsCollections(String hex, UUID collection) {
        assertThat(ResumeToken.ofHex(hex).collectionId()).isEqualTo(collection);
    }

    @Test
    @DisplayName("any bytes are read, or nothing of them")
    void readsAnyBytes() {
        Property.forAll(
                1_000,
                Gen.bytes(1, 60),
                bytes -> {
                    bytes[0] = bytes.length % 2 == 0 ? (byte) 0x82 : bytes[0];
                    ResumeToken token = ResumeToken.ofBytes(bytes);
                    assertThat(token.isFromInvalidate() && bytes.length < 13).isFalse();
                    if (token.collectionId() != null) {
                        assertThat(bytes.length).isGreaterThanOrEqualTo(32);
                    }
                });
    }

    @Test
    @DisplayName("case W1: a sweep says of another collection what an event has brought")
    void makesSweepsOfEvents() {
        ChangeEvent rename =
                ChangeEvent.of(
                        RawDocument.of(
                                BsonDocument.parse(
                                        "{_id: {_data: '"
                                                + OF_A_DROP
                                                + "'}, operationType: 'rename', clusterTime: {$timestamp: {t: 7, i: 2}},"
                                                + " wallTime: {$date: 7500}, ns: {db: 'a', coll: 'b'}, to: {db: 'a', coll: 'c'}}")));
        ChangeEvent sweep = PipelineEvents.sweep(new Namespace("a", "c"), rename);

        assertThat(PipelineEvents.isSweep(sweep)).isTrue();
        assertThat(sweep.namespace()).isEqualTo(new Namespace("a", "c"));
        assertThat(sweep.clusterTime()).isEqualTo(new BsonTimestamp(7, 2));
        assertThat(sweep.wallTime()).isEqualTo(rename.wallTime());
        assertThat(sweep.resumeToken()).isEqualTo(rename.resumeToken());
        assertThat(Objects.requireNonNull(sweep.document().string("cause"))).isEqualTo("rename");
    }
}
