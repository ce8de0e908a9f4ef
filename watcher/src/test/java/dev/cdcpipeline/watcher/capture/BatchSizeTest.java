package dev.cdcpipeline.watcher.capture;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class BatchSizeTest {
    private final BatchSize size = new BatchSize(10_000, 2 << 20);

    @Test
    @DisplayName("I7: after a batch of large events, the next one is asked to have few at once")
    void shrinksAtOnce() {
        size.observe(2_000, 2_000 * 500);
        assertThat(size.next()).isGreaterThan(2_000);
        size.observe(2, 2 * (8 << 20));
        assertThat(size.next()).isEqualTo(1);
    }

    @Test
    @DisplayName("3.1: small events come more at a time little by little, up to the limit")
    void growsLittleByLittle() {
        size.observe(1, 2 << 20);
        assertThat(size.next()).isEqualTo(1);
        int before = 0;
        for (int i = 0; i < 40; i++) {
            size.observe(1, 100);
            assertThat(size.next()).isGreaterThanOrEqualTo(before);
            before = size.next();
        }
        assertThat(before).isEqualTo(10_000);
    }

    @Test
    @DisplayName("2.6: an empty batch of an idle stream says nothing of the size of events")
    void learnsNothingFromAnEmptyBatch() {
        int before = size.next();
        size.observe(0, 200);
        assertThat(size.next()).isEqualTo(before);
    }
}
