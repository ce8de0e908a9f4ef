package dev.cdcpipeline.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;

import dev.cdcpipeline.platform.config.ShutdownSettings;
import dev.cdcpipeline.platform.failure.ExplainedException;
import dev.cdcpipeline.platform.lifecycle.ExitCode;
import dev.cdcpipeline.platform.lifecycle.NotDrainedException;
import dev.cdcpipeline.platform.lifecycle.Service;
import dev.cdcpipeline.platform.lifecycle.ServiceRunner;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PipelineServiceTest {
    private static final Duration LONG = Duration.ofMinutes(10);
    private static final Duration SHORT = Duration.ofMillis(50);

    private final List<String> happened = new CopyOnWriteArrayList<>();
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger(PipelineService.class);

    @BeforeEach
    void listen() {
        log.list = new CopyOnWriteArrayList<>();
        log.start();
        logger.addAppender(log);
    }

    @AfterEach
    void listenNoMore() {
        logger.detachAppender(log);
    }

    @Test
    @DisplayName("9.2 A stop drains the Watcher first, then the Syncer")
    void drainsTheWatcherFirst() throws Exception {
        var watcher = new Fake("watcher", null);
        var syncer = new Fake("syncer", null);
        try (var pipeline = pipeline(watcher, syncer)) {
            watcher.whenRunning = pipeline::stop;
            pipeline.run();
        }

        assertThat(happened)
                .filteredOn(each -> each.endsWith("drained") || each.endsWith("closed"))
                .containsExactly(
                        "watcher drained", "syncer drained", "watcher closed", "syncer closed");
    }

    @Test
    @DisplayName("9.5 A failure of the Watcher drains the Syncer, and is that of the whole")
    void drainsTheSyncerWhenTheWatcherFails() {
        var pipeline = pipeline(new Fake("watcher", "history lost"), new Fake("syncer", null));

        assertThatThrownBy(pipeline::run).hasMessage("history lost");
        assertThat(happened).contains("syncer drained");
    }

    @Test
    @DisplayName("9.5 A failure of the Syncer drains the Watcher, and is that of the whole")
    void drainsTheWatcherWhenTheSyncerFails() {
        var pipeline = pipeline(new Fake("watcher", null), new Fake("syncer", "no privilege"));

        assertThatThrownBy(pipeline::run).hasMessage("no privilege");
        assertThat(happened).contains("watcher drained");
    }

    @Test
    @DisplayName("9.5 When both fail, neither failure is lost")
    void tellsBothFailures() {
        var pipeline = pipeline(new Fake("watcher", "one"), new Fake("syncer", "other"));

        assertThatThrownBy(pipeline::run)
                .hasMessage("one")
                .satisfies(e -> assertThat(e.getSuppressed()[0]).hasMessage("other"));
    }

    @Test
    @DisplayName("9.5 A failure of the Syncer is told first, although the Watcher has not drained")
    void tellsAFailureBeforeWhatWasLeft() {
        var watcher = new Fake("watcher", null);
        watcher.thrown = new NotDrainedException("left");

        assertThatThrownBy(pipeline(watcher, new Fake("syncer", "no privilege"))::run)
                .hasMessage("no privilege")
                .satisfies(e -> assertThat(e.getSuppressed()[0]).hasMessage("left"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @DisplayName(
            "9.5 After a failure of one side the other one has until its own deadline to drain")
    void doesNotWaitForEverForASideThatDoesNotDrain(boolean watcherFails) {
        var failing = new Fake(watcherFails ? "watcher" : "syncer", "history lost");
        var hanging = new Fake(watcherFails ? "syncer" : "watcher", null);
        hanging.drains = false;
        var pipeline =
                watcherFails
                        ? new PipelineService(failing, LONG, hanging, SHORT)
                        : new PipelineService(hanging, SHORT, failing, LONG);

        assertThatThrownBy(pipeline::run).hasMessage("history lost");
        assertThat(happened).contains(hanging.name + " asked to stop");
        assertThat(told()).anyMatch(line -> line.contains("did not drain within PT0.05S"));
    }

    @Test
    @DisplayName("9.5 The process ends with 1 although a side does not drain")
    void theRunnerEndsWithTheFailure() throws Exception {
        var syncer = new Fake("syncer", null);
        syncer.drains = false;
        var pipeline =
                new PipelineService(new Fake("watcher", "history lost"), LONG, syncer, SHORT);

        ExitCode code = new ServiceRunner(new ShutdownSettings(LONG)).run("pipeline", pipeline);

        assertThat(code).isEqualTo(ExitCode.FAILED);
        assertThat(happened).contains("watcher closed", "syncer closed");
    }

    @Test
    @DisplayName(
            "9.5 What a side failed of is told in one line at once, before the other has drained")
    void tellsTheCauseAtOnce() throws Exception {
        var watcher = new Fake("watcher", null);
        watcher.thrown =
                new ExecutionException(
                        new ExplainedException(
                                "The history is lost: copy anew.", new IOException("286")));
        var syncer = new Fake("syncer", null);
        var toldBefore = new CopyOnWriteArrayList<String>();
        syncer.whenStopped = () -> toldBefore.addAll(told());

        assertThatThrownBy(pipeline(watcher, syncer)::run).isInstanceOf(ExecutionException.class);
        assertThat(toldBefore)
                .containsExactly(
                        "the watcher has failed, and what runs beside it is drained: The history is"
                                + " lost: copy anew.");
    }

    private List<String> told() {
        return List.copyOf(log.list).stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    private static PipelineService pipeline(Fake watcher, Fake syncer) {
        return new PipelineService(watcher, LONG, syncer, LONG);
    }

    /** A service that runs until it is told to stop, or fails at once. */
    private final class Fake implements Service {
        private final String name;
        private final @Nullable String failure;
        private final CountDownLatch stopped = new CountDownLatch(1);
        private Runnable whenRunning = () -> {};
        private Runnable whenStopped = () -> {};
        private @Nullable Exception thrown;
        private boolean drains = true;

        private Fake(String name, @Nullable String failure) {
            this.name = name;
            this.failure = failure;
        }

        @Override
        public void run() throws Exception {
            if (failure != null) {
                throw new IllegalStateException(failure);
            }
            if (thrown != null) {
                throw thrown;
            }
            happened.add(name + " runs");
            whenRunning.run();
            stopped.await();
            happened.add(name + " drained");
        }

        @Override
        public void stop() {
            happened.add(name + " asked to stop");
            whenStopped.run();
            if (drains) {
                stopped.countDown();
            }
        }

        @Override
        public void close() {
            stopped.countDown(); // as the thread of a real one, which ends with its resources
            happened.add(name + " closed");
        }
    }
}
