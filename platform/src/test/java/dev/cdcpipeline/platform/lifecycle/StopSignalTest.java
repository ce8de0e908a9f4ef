package dev.cdcpipeline.platform.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cdcpipeline.platform.health.Health;
import dev.cdcpipeline.platform.health.Probe;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.time.Duration;

@Timeout(60)
class StopSignalTest {
    private final StopSignal stop = new StopSignal();

    @Test
    @DisplayName("case W9: a thread that dies asks to stop, and the service throws what it died of")
    void throwsWhatAThreadDiedOf() throws Exception {
        stop.requireNoDeath();
        var error = new StackOverflowError();

        stop.died(error);
        stop.died(new IllegalStateException("a later one"));

        assertThat(stop.isRequested()).isTrue();
        assertThatThrownBy(stop::requireNoDeath).isSameAs(error);
        assertThatThrownBy(() -> stop.sleep(Duration.ofHours(1)))
                .isInstanceOf(InterruptedException.class);
    }

    @Test
    @DisplayName("case W9: a probe that dies of an Error ends the service")
    void aProbeThatDiesEndsTheService() throws Exception {
        var error = new StackOverflowError();
        try (var probe =
                new Probe(
                        new Health(),
                        "kafka",
                        () -> {
                            throw error;
                        },
                        _ -> {})) {
            probe.start(stop::died);
            while (!stop.isRequested()) {
                Thread.onSpinWait();
            }
        }
        assertThatThrownBy(stop::requireNoDeath).isSameAs(error);
    }
}
