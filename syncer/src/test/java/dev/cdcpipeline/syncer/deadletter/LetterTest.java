package dev.cdcpipeline.syncer.deadletter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cdcpipeline.model.wire.DeadLetterHeaders;
import dev.cdcpipeline.syncer.plan.BadRecord;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;

class LetterTest {
    private static final Instant NOW = Instant.parse("2026-05-01T12:00:00Z");

    @Test
    @DisplayName("4.4: a letter says when the record was published, if Kafka knows it")
    void saysWhenItWasPublished() {
        assertThat(timestampOf(1_700_000_000_123L)).isEqualTo("2023-11-14T22:13:20.123Z");
        assertThat(timestampOf(0)).isEqualTo("1970-01-01T00:00:00Z");
        assertThat(timestampOf(ConsumerRecord.NO_TIMESTAMP)).isNull();
    }

    private static @Nullable String timestampOf(long timestamp) {
        var record =
                new ConsumerRecord<>(
                        "topic",
                        0,
                        7,
                        timestamp,
                        TimestampType.CREATE_TIME,
                        1,
                        1,
                        new byte[] {1},
                        new byte[] {2},
                        new RecordHeaders(),
                        Optional.empty());
        var bad = new BadRecord(record, new IllegalArgumentException("no JSON"));
        Header header =
                Letter.whole("letters", bad, NOW).headers().lastHeader(DeadLetterHeaders.TIMESTAMP);
        return header == null ? null : new String(header.value(), StandardCharsets.UTF_8);
    }
}
