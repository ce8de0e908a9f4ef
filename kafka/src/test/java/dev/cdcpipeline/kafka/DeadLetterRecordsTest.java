package dev.cdcpipeline.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cdcpipeline.model.wire.DeadLetter;

import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.time.Instant;

class DeadLetterRecordsTest {
    private static final byte[] LARGE = new byte[100_000];

    private final DeadLetter letter =
            new DeadLetter(
                    new DeadLetter.Origin.Consumed("cdc.shop.orders", 2, 7, null),
                    new DeadLetter.Cause("too large", null, null),
                    Instant.parse("2026-05-01T12:00:00Z"),
                    1);

    @Test
    @DisplayName("4.4: a letter has the record whole, with its headers, and where it came from")
    void keepsTheRecord() {
        var headers = new RecordHeaders().add("own", new byte[] {3});

        var record =
                DeadLetterRecords.whole("letters", new byte[] {1}, new byte[] {2}, headers, letter);

        assertThat(record.key()).containsExactly(1);
        assertThat(record.value()).containsExactly(2);
        assertThat(record.headers())
                .extracting(Header::key)
                .startsWith("own", "cdc.dlq.topic")
                .doesNotContain("cdc.dlq.left-out");
    }

    @Test
    @DisplayName("4.4: a notice is small, however large the record's key and headers are")
    void aNoticeIsSmall() {
        var headers = new RecordHeaders().add("own", LARGE);

        var record = DeadLetterRecords.notice("letters", LARGE, 5_000_000, headers, letter);

        assertThat(record.key()).isEmpty();
        assertThat(record.headers().lastHeader("own")).isNull();
        assertThat(new String(record.value(), StandardCharsets.UTF_8))
                .hasSizeLessThan(1_000)
                .contains("\"keyBytes\": 100000", "\"valueBytes\": 5000000")
                .contains("\"headerBytes\": 100003");
        assertThat(record.headers().lastHeader("cdc.dlq.left-out").value())
                .isEqualTo("5000000".getBytes(StandardCharsets.UTF_8));
    }
}
