package dev.cdcpipeline.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cdcpipeline.platform.lifecycle.Service;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PipelineServiceTest {
    private final List<String> happened = new CopyOnWriteArrayList<>();

    @Test
    @DisplayName("9.2 A stop drains the Watcher first, then the Syncer")
    void drainsTheWatcherFirst() throws Exception {
        var watcher = new Fake("watcher", null);
        var syncer = new Fake("syncer", null);
        try (var pipeline = new PipelineService(watcher, syncer)) {
            watcher.whenRunning = pipeline::stop;
            pipeline.run();
        }

        assertThat(happened)
                .filteredOn(each -> !each.endsWith("runs"))
                .containsExactly(
                        "watcher drained", "syncer drained", "watcher closed", "syncer closed");
    }

    @Test
    @DisplayName("9.5 A failure of the Watcher drains the Syncer, and is that of the whole")
    void drainsTheSyncerWhenTheWatcherFails() {
        var pipeline =
                new PipelineService(new Fake("watcher", "history lost"), new Fake("syncer", null));

        assertThatThrownBy(pipeline::run).hasMessage("history lost");
        assertThat(happened).contains("syncer drained");
    }

    @Test
    @DisplayName("9.5 A failure of the Syncer drains the Watcher, and is that of the whole")
    void drainsTheWatcherWhenTheSyncerFails() {
        var pipeline =
                new PipelineService(new Fake("watcher", null), new Fake("syncer", "no privilege"));

        assertThatThrownBy(pipeline::run).hasMessage("no privilege");
        assertThat(happened).contains("watcher drained");
    }

    @Test
    @DisplayName("9.5 When both fail, neither failure is lost")
    void tellsBothFailures() {
        var pipeline = new PipelineService(new Fake("watcher", "one"), new Fake("syncer", "other"));

        assertThatThrownBy(pipeline::run)
                .hasMessage("one")
                .satisfies(e -> assertThat(e.getSuppressed()[0]).hasMessage("other"));
    }

    /** A service that runs until it is told to stop, or fails at once. */
    private final class Fake implements Service {
        private final String name;
        private final @Nullable String failure;
        private final CountDownLatch stopped = new CountDownLatch(1);
        private Runnable whenRunning = () -> {};

        private Fake(String name, @Nullable String failure) {
            this.name = name;
            this.failure = failure;
        }

        @Override
        public void run() throws Exception {
            if (failure != null) {
                throw new IllegalStateException(failure);
            }
            happened.add(name + " runs");
            whenRunning.run();
            stopped.await();
            happened.add(name + " drained");
        }

        @Override
        public void stop() {
            stopped.countDown();
        }

        @Override
        public void close() {
            happened.add(name + " closed");
        }
    }
}
