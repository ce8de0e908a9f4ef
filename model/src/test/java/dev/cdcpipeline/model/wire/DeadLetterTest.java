package dev.cdcpipeline.model.wire;

import static org.assertj.core.api.Assertions.assertThat;

import static java.util.Map.entry;

import dev.cdcpipeline.model.Namespace;
import dev.cdcpipeline.model.Position;
import dev.cdcpipeline.model.ResumeToken;

import org.bson.BsonDocument;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.time.Instant;

class DeadLetterTest {
    private static final Instant NOW = Instant.parse("2026-05-01T12:00:00Z");
    private static final DeadLetter.Sizes SIZES = new DeadLetter.Sizes(10, 20_000_000, 30);

    private final DeadLetter ofSyncer =
            new DeadLetter(
                    new DeadLetter.Origin.Consumed("cdc.shop.orders", 2, 7, NOW.minusSeconds(5)),
                    new DeadLetter.Cause("PostgreSQL refuses it", "22P02", "abc"),
                    NOW,
                    3);

    private final DeadLetter ofWatcher =
            new DeadLetter(
                    new DeadLetter.Origin.Unpublished(
                            "cdc.shop.orders",
                            new Namespace("shop", "orders"),
                            new Position(4, ResumeToken.ofHex("8263"))),
                    new DeadLetter.Cause("too large", null, null),
                    NOW,
                    1);

    @Test
    @DisplayName("4.4: the headers say where a record was and why it was refused")
    void hasHeaders() {
        assertThat(ofSyncer.headers())
                .containsExactly(
                        entry("cdc.dlq.topic", "cdc.shop.orders"),
                        entry("cdc.dlq.partition", "2"),
                        entry("cdc.dlq.offset", "7"),
                        entry("cdc.dlq.timestamp", "2026-05-01T11:59:55Z"),
                        entry("cdc.dlq.cause", "PostgreSQL refuses it"),
                        entry("cdc.dlq.sqlstate", "22P02"),
                        entry("cdc.dlq.stack-hash", "abc"),
                        entry("cdc.dlq.time", "2026-05-01T12:00:00Z"),
                        entry("cdc.dlq.attempt", "3"));
        assertThat(ofWatcher.headers(SIZES))
                .containsExactly(
                        entry("cdc.dlq.topic", "cdc.shop.orders"),
                        entry("cdc.dlq.cause", "too large"),
                        entry("cdc.dlq.time", "2026-05-01T12:00:00Z"),
                        entry("cdc.dlq.attempt", "1"),
                        entry("cdc.dlq.left-out", "20000000"));
    }

    @Test
    @DisplayName("4.4: a notice says where a record is that is left out for its size")
    void hasANotice() {
        assertThat(ofSyncer.notice(SIZES))
                .isEqualTo(
                        "{\"topic\": \"cdc.shop.orders\", \"partition\": 2, \"offset\": 7, \"keyBytes\": 10,"
                                + " \"valueBytes\": 20000000, \"headerBytes\": 30,"
                                + " \"cause\": \"PostgreSQL refuses it\"}");
        assertThat(BsonDocument.parse(ofWatcher.notice(SIZES)).keySet())
                .containsExactly(
                        "topic",
                        "namespace",
                        "generation",
                        "token",
                        "keyBytes",
                        "valueBytes",
                        "headerBytes",
                        "cause");
    }
}
