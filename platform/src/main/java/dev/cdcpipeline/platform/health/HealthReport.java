package dev.cdcpipeline.platform.health;

import dev.cdcpipeline.platform.json.Json;
import dev.cdcpipeline.platform.lifecycle.Lifecycle;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * The health of a service at one moment, as {@code /health} serves it. Credentials are redacted.
 *
 * @param ready whether every component works or stands by, and no loop is stuck
 * @param live whether no loop is stuck
 * @param at the moment
 * @param state what the service is doing
 * @param components by name
 * @param loops by name
 */
public record HealthReport(
        boolean ready,
        boolean live,
        Instant at,
        StateStatus state,
        List<ComponentStatus> components,
        List<LoopStatus> loops) {

    public HealthReport {
        Objects.requireNonNull(at);
        Objects.requireNonNull(state);
        components = List.copyOf(components);
        loops = List.copyOf(loops);
    }

    /**
     * What the service is doing.
     *
     * @param name such as {@code streaming}
     * @param since when it came into this state
     * @param seconds for how long it has been in it
     * @param reason why, if there is more to say
     */
    public record StateStatus(String name, Instant since, long seconds, @Nullable String reason) {
        public StateStatus {
            Objects.requireNonNull(name);
            Objects.requireNonNull(since);
        }
    }

    /**
     * How a component is.
     *
     * @param name such as {@code database}
     * @param state how it is
     * @param since when it came into this state
     * @param seconds for how long it has been in it
     * @param reason why it is not up; also a remark on one that is
     */
    public record ComponentStatus(
            String name, State state, Instant since, long seconds, @Nullable String reason) {
        public ComponentStatus {
            Objects.requireNonNull(name);
            Objects.requireNonNull(state);
            Objects.requireNonNull(since);
        }

        private boolean works() {
            return switch (state) {
                case UP, STANDBY -> true;
                case STARTING, DOWN -> false;
            };
        }
    }

    /**
     * How a loop is.
     *
     * @param name such as {@code publish loop}
     * @param state whether it makes progress
     * @param secondsSinceLastTurn how long ago it made its last turn
     * @param deadlineSeconds how long a turn may take
     * @param reason where it hangs
     */
    public record LoopStatus(
            String name,
            LoopState state,
            long secondsSinceLastTurn,
            long deadlineSeconds,
            @Nullable String reason) {
        public LoopStatus {
            Objects.requireNonNull(name);
            Objects.requireNonNull(state);
        }
    }

    /** Whether a loop makes progress. */
    public enum LoopState {
        /** It made its last turn in time, or is not watched now. */
        TURNING,
        /** Its last turn takes longer than it may. */
        STUCK
    }

    static HealthReport of(
            Instant now,
            Lifecycle.Phase phase,
            List<ComponentStatus> components,
            List<LoopStatus> loops) {
        boolean live = loops.stream().allMatch(loop -> loop.state() == LoopState.TURNING);
        boolean ready =
                live
                        && !components.isEmpty()
                        && components.stream().allMatch(ComponentStatus::works);
        var state =
                new StateStatus(
                        phase.state().label(),
                        phase.since(),
                        Duration.between(phase.since(), now).toSeconds(),
                        phase.state().detail());
        return new HealthReport(ready, live, now, state, components, loops);
    }

    /** The report as JSON, on one line. */
    public String toJson() {
        return Json.write(this);
    }
}
