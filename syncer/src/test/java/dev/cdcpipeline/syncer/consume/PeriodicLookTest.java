package dev.cdcpipeline.syncer.consume;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

class PeriodicLookTest {
    private static final Duration EVERY = Duration.ofSeconds(5);

    private final AtomicLong nanos = new AtomicLong(-3);
    private final AtomicInteger asked = new AtomicInteger();
    private final SynchronousQueue<String> looks = new SynchronousQueue<>();

    private List<Claim> claims() {
        asked.incrementAndGet();
        return List.of();
    }

    @Test
    @DisplayName(
            "cases S5, S6: it looks when it is time, on a thread of its own, and never queues up"
                    + " behind a look that does not end")
    void looksWhenItIsTimeAndNeverQueuesUp() throws Exception {
        try (var periodic = new PeriodicLook("looks", _ -> hangs(), EVERY, nanos::get)) {
            periodic.lookIfDue(this::claims);
            nanos.addAndGet(EVERY.toNanos() - 1);
            periodic.lookIfDue(this::claims);
            assertThat(asked).hasValue(0);

            nanos.addAndGet(1);
            periodic.lookIfDue(this::claims);
            assertThat(asked).hasValue(1);
            nanos.addAndGet(EVERY.toNanos());
            periodic.lookIfDue(this::claims);
            assertThat(asked).as("while a look hangs").hasValue(1);

            assertThat(looks.poll(30, TimeUnit.SECONDS)).isEqualTo("looks");
        }
    }

    /** Until the test takes it. */
    private void hangs() {
        try {
            looks.put(Thread.currentThread().getName());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
