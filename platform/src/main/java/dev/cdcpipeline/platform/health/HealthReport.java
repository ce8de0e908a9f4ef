package dev.cdcpipeline.platform.health;

import dev.cdcpipeline.platform.json.JsonObject;
import dev.cdcpipeline.platform.secret.Redaction;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/**
 * The health of a service at one moment.
 *
 * @param components by name
 * @param heartbeats by name
 * @param at the moment
 */
public record HealthReport(
        List<ComponentStatus> components, List<HeartbeatStatus> heartbeats, Instant at) {

    /**
     * How a component is.
     *
     * @param since when it came into this state
     * @param reason why it is not up; empty if it is
     */
    public record ComponentStatus(String name, State state, Instant since, String reason) {
        private boolean ready() {
            return switch (state) {
                case UP, STANDBY -> true;
                case STARTING, DOWN -> false;
            };
        }
    }

    /**
     * How a loop is.
     *
     * @param silence how long ago it made its last turn
     * @param deadline how long a turn may take
     * @param reason where it hangs; empty while it turns
     */
    public record HeartbeatStatus(String name, Duration silence, Duration deadline, String reason) {
        /** Whether the loop is late. */
        public boolean stuck() {
            return silence.compareTo(deadline) > 0;
        }
    }

    /** Whether no loop is stuck. */
    public boolean live() {
        return heartbeats.stream().noneMatch(HeartbeatStatus::stuck);
    }

    /** Whether all components are up or stand by, and there is one. */
    public boolean ready() {
        return live()
                && !components.isEmpty()
                && components.stream().allMatch(ComponentStatus::ready);
    }

    /** The report as JSON; without credentials. */
    public String toJson() {
        return new JsonObject()
                .add("ready", ready())
                .add("live", live())
                .add("at", at)
                .add("components", components.stream().map(this::json).toList())
                .add("loops", heartbeats.stream().map(HealthReport::json).toList())
                .toString();
    }

    private JsonObject json(ComponentStatus component) {
        var json =
                new JsonObject()
                        .add("name", component.name())
                        .add("state", component.state().name().toLowerCase(Locale.ROOT))
                        .add("since", component.since())
                        .add("seconds", Duration.between(component.since(), at).toSeconds());
        return component.reason().isEmpty()
                ? json
                : json.add("reason", Redaction.redact(component.reason()));
    }

    private static JsonObject json(HeartbeatStatus heartbeat) {
        var json =
                new JsonObject()
                        .add("name", heartbeat.name())
                        .add("state", heartbeat.stuck() ? "stuck" : "turning")
                        .add("secondsSinceLastTurn", heartbeat.silence().toSeconds())
                        .add("deadlineSeconds", heartbeat.deadline().toSeconds());
        return heartbeat.reason().isEmpty() ? json : json.add("reason", heartbeat.reason());
    }
}
