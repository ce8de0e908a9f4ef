package dev.cdcpipeline.watcher.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.cdcpipeline.platform.config.RetrySettings;
import dev.cdcpipeline.platform.failure.Reaction;
import dev.cdcpipeline.platform.health.Health;
import dev.cdcpipeline.platform.lifecycle.StopSignal;
import dev.cdcpipeline.platform.retry.Retry;
import dev.cdcpipeline.watcher.checkpoint.Lease;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

class LeadershipTest {
    private static final RetrySettings BACKOFF =
            new RetrySettings(Duration.ofMillis(1), Duration.ofMillis(1), 1, 0, 0);

    private static final Duration ANSWER = Duration.ofMinutes(10);

    private final AtomicLong nanos = new AtomicLong();
    private final Health health = new Health(InstantSource.system(), nanos::get);
    private final StopSignal stop = new StopSignal();
    private final Telemetry telemetry =
            new Telemetry(
                    new SimpleMeterRegistry(),
                    health,
                    stop,
                    new Deadlines(BACKOFF.max(), ANSWER, ANSWER, ANSWER));
    private final Retry retry =
            new Retry(
                    BACKOFF, _ -> Reaction.RETRY, telemetry, _ -> {}, RandomGenerator.getDefault());

    @Test
    @DisplayName(
            "14.2: a standby that waits for long after the store of the lease was away is live, and stands by")
    void aStandbyIsLiveAfterAnOutageOfTheLease() throws Exception {
        var lease = new FakeLease("another", "away", "another", "hour", "mine");
        new Leadership(lease, Duration.ZERO, retry, stop, telemetry).await(() -> {});

        assertThat(lease.liveAfterTheHour).isTrue();
    }

    @Test
    @DisplayName("case W9: a thread that dies while it holds the lease ends the service")
    void aThreadThatDiesEndsTheService() throws Exception {
        var error = new StackOverflowError();
        Lease dying =
                new Lease() {
                    @Override
                    public boolean holdOrTake() {
                        throw error;
                    }

                    @Override
                    public void close() {
                        // Nothing is held.
                    }
                };
        try (AutoCloseable _ =
                new Leadership(dying, Duration.ZERO, retry, stop, telemetry).hold()) {
            await().atMost(Duration.ofSeconds(30)).until(stop::isRequested);
        }
        assertThatThrownBy(stop::requireNoDeath).isSameAs(error);
    }

    /** Answers as it is told to; an hour passes where it is told so. */
    private final class FakeLease implements Lease {
        private final Queue<String> answers;
        private boolean liveAfterTheHour;

        FakeLease(String... answers) {
            this.answers = new ArrayDeque<>(List.of(answers));
        }

        @Override
        public boolean holdOrTake() throws IOException {
            return switch (answers.remove()) {
                case "mine" -> true;
                case "another" -> false;
                case "hour" -> {
                    nanos.addAndGet(Duration.ofHours(1).toNanos());
                    liveAfterTheHour = health.report().live();
                    yield false;
                }
                default -> throw new IOException("away");
            };
        }

        @Override
        public void close() {
            // Nothing is held.
        }
    }
}
