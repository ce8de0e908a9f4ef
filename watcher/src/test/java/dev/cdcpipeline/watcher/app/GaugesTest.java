package dev.cdcpipeline.watcher.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cdcpipeline.model.Position;
import dev.cdcpipeline.model.ResumeToken;
import dev.cdcpipeline.watcher.capture.EventBatch;
import dev.cdcpipeline.watcher.publish.AckTracker;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;

class GaugesTest {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final Gauges gauges = new Gauges(registry);

    private double lag() {
        return value("cdc.watcher.lag.seconds");
    }

    private double value(String name) {
        return registry.get(name).gauge().value();
    }

    private static ResumeToken tokenOf(long secondsAgo) {
        int seconds = (int) (Instant.now().getEpochSecond() - secondsAgo);
        return ResumeToken.ofBytes(
                ByteBuffer.allocate(9).put((byte) 0x82).putInt(seconds).putInt(1).array());
    }

    private void publishedNothingUpTo(@Nullable ResumeToken token) {
        gauges.published(new EventBatch(List.of(), token, 0));
    }

    @Test
    @DisplayName("14.1: the lag is not a number until something is known of it")
    void theLagIsUnknownAtFirst() {
        gauges.leading(true);
        assertThat(lag()).isNaN();

        publishedNothingUpTo(null);
        assertThat(lag()).isNaN();
    }

    @Test
    @DisplayName(
            "14.1: a batch without events is as late as the place that it reaches, not caught up by itself")
    void anEmptyBatchIsAsLateAsItsPlace() {
        gauges.leading(true);
        publishedNothingUpTo(tokenOf(500));
        assertThat(lag()).isBetween(499.0, 560.0);

        publishedNothingUpTo(tokenOf(0));
        assertThat(lag()).isBetween(0.0, 60.0);
    }

    @Test
    @DisplayName("14.1: one that stands by has no lag, no position and nothing in flight")
    void oneThatStandsByHasNoLag() {
        var tracker = new AckTracker(1, 1);
        tracker.mark(new Position(0, tokenOf(500)));
        gauges.leading(true);
        gauges.tracker(tracker);
        publishedNothingUpTo(tokenOf(500));

        gauges.leading(false);

        assertThat(lag()).isNaN();
        assertThat(value("cdc.watcher.durable.age.seconds")).isNaN();
        gauges.leading(true);
        assertThat(lag()).isNaN();
    }
}
