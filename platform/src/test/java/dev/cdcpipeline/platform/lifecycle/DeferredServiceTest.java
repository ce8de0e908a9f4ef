package dev.cdcpipeline.platform.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cdcpipeline.platform.retry.Retry;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

@Timeout(60)
class DeferredServiceTest {
    private final StopSignal stop = new StopSignal();
    private final Lifecycle lifecycle = new Lifecycle(InstantSource.system());
    private final List<String> told = new CopyOnWriteArrayList<>();

    /** Ends at once, and keeps what it is told. */
    private final class Told implements Service {
        @Override
        public void run() {
            told.add("run");
        }

        @Override
        public void stop() {
            told.add("stop");
        }

        @Override
        public void close() {
            told.add("close");
        }
    }

    private DeferredService after(Retry.Action awaited) {
        return new DeferredService(
                stop,
                lifecycle,
                awaited,
                () -> {
                    told.add("made");
                    return new Told();
                });
    }

    @Test
    @DisplayName("9.1: a service is made, run and closed when what it waits for is there")
    void runsWhatItMakes() throws Exception {
        try (DeferredService late = after(() -> told.add("awaited"))) {
            late.run();
            late.stop();
        }
        assertThat(told).containsExactly("awaited", "made", "run", "stop", "close");
    }

    @Test
    @DisplayName("9.1: a stop ends the wait, and nothing is made")
    void aStopEndsTheWait() throws Exception {
        try (DeferredService late = after(() -> stop.sleep(Duration.ofDays(1)))) {
            Thread stopper = Thread.ofPlatform().start(late::stop);
            late.run();
            stopper.join();
        }
        assertThat(told).isEmpty();
    }

    @Test
    @DisplayName("9.1: what was made while the stop came is not run, but closed")
    void aStopWhileItIsMadeIsHeard() throws Exception {
        try (DeferredService late = after(stop::request)) {
            late.run();
        }
        assertThat(told).containsExactly("made", "close");
    }

    @Test
    @DisplayName("9.5: what cannot be waited for is the failure of the service")
    void failsWithWhatItWaitedFor() {
        var failure = new IllegalStateException("as told");
        DeferredService late =
                after(
                        () -> {
                            throw failure;
                        });
        assertThatThrownBy(late::run).isSameAs(failure);
        late.close();
        assertThat(told).isEmpty();
    }
}
