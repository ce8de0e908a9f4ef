package dev.cdcpipeline.platform.health;

import dev.cdcpipeline.platform.health.HealthReport.ComponentStatus;

import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;

/** A part of the service, or a server it needs. Thread-safe. */
public final class Component {
    private final String name;
    private final InstantSource clock;
    private final AtomicReference<ComponentStatus> status;

    Component(String name, InstantSource clock) {
        this.name = name;
        this.clock = clock;
        this.status =
                new AtomicReference<>(
                        new ComponentStatus(
                                name, State.STARTING, clock.instant(), "not started yet"));
    }

    /** It is on its way up. */
    public void starting(String reason) {
        become(State.STARTING, reason);
    }

    /** It works. */
    public void up() {
        become(State.UP, "");
    }

    /** It works, and there is something to know about it. */
    public void up(String remark) {
        become(State.UP, remark);
    }

    /** It could work, and another instance does. */
    public void standby(String reason) {
        become(State.STANDBY, reason);
    }

    /** It does not work. */
    public void down(String reason) {
        become(State.DOWN, reason);
    }

    ComponentStatus status() {
        return status.get();
    }

    private void become(State state, String reason) {
        status.updateAndGet(
                now ->
                        new ComponentStatus(
                                name,
                                state,
                                now.state() == state ? now.since() : clock.instant(),
                                reason));
    }
}
