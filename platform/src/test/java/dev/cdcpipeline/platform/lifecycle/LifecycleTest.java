package dev.cdcpipeline.platform.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cdcpipeline.platform.lifecycle.ServiceState.Connecting;
import dev.cdcpipeline.platform.lifecycle.ServiceState.Draining;
import dev.cdcpipeline.platform.lifecycle.ServiceState.StandingBy;
import dev.cdcpipeline.platform.lifecycle.ServiceState.Stopped;
import dev.cdcpipeline.platform.lifecycle.ServiceState.Streaming;
import dev.cdcpipeline.platform.lifecycle.ServiceState.Waiting;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.stream.Stream;

class LifecycleTest {
    private static final Instant START = Instant.parse("2026-11-22T10:00:00Z");

    private long seconds = 0;
    private final Lifecycle lifecycle = new Lifecycle(() -> START.plusSeconds(seconds));

    @Test
    @DisplayName("14.2 A state lasts from when it was entered, also when its reason changes")
    void remembersSinceWhen() {
        lifecycle.enter(new StandingBy("a leads"));
        seconds = 5;
        lifecycle.enter(new StandingBy("b leads"));

        assertThat(lifecycle.phase())
                .isEqualTo(new Lifecycle.Phase(new StandingBy("b leads"), START));
        lifecycle.enter(new Streaming());
        assertThat(lifecycle.phase())
                .isEqualTo(new Lifecycle.Phase(new Streaming(), START.plusSeconds(5)));
    }

    @Test
    @DisplayName("14.2 A service that has stopped stays so, with its first reason")
    void staysStopped() {
        lifecycle.enter(new Stopped("it failed"));
        lifecycle.enter(new Streaming());
        lifecycle.enter(new Stopped(""));

        assertThat(lifecycle.phase().state()).isEqualTo(new Stopped("it failed"));
    }

    @Test
    @DisplayName("14.1 Each state has a label of its own, which the metrics know")
    void hasLabels() {
        assertThat(
                        Stream.of(
                                        new Waiting("for Kafka"),
                                        new Connecting(),
                                        new StandingBy("b leads"),
                                        new Streaming(),
                                        new Draining(),
                                        new Stopped(""))
                                .map(ServiceState::label))
                .containsExactlyElementsOf(ServiceState.LABELS);
    }
}
