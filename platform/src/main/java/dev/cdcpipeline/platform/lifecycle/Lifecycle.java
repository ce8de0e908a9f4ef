package dev.cdcpipeline.platform.lifecycle;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Instant;
import java.time.InstantSource;

/**
 * The one place that knows what a service is doing; its health, its log, its metrics and its status
 * report read it here. Thread-safe.
 */
public final class Lifecycle {
    private static final Logger log = LoggerFactory.getLogger(Lifecycle.class);

    private final InstantSource clock;
    private volatile Phase phase;

    /**
     * A state with the moment in which it began.
     *
     * @param state what the service is doing
     * @param since since when
     */
    public record Phase(ServiceState state, Instant since) {}

    /**
     * The lifecycle of a service that has not begun yet.
     *
     * @param clock says since when a state lasts
     */
    public Lifecycle(InstantSource clock) {
        this.clock = clock;
        this.phase = new Phase(new ServiceState.Waiting("not started yet"), clock.instant());
    }

    /**
     * Enters a state; the one that it is in already changes nothing. Nothing leads out of {@link
     * ServiceState.Stopped}: a thread that is late does not bring a service back.
     */
    public synchronized void enter(ServiceState next) {
        ServiceState now = phase.state();
        if (now.equals(next) || now instanceof ServiceState.Stopped) {
            return;
        }
        boolean sameKind = now.getClass() == next.getClass();
        phase = new Phase(next, sameKind ? phase.since() : clock.instant());
        String detail = next.detail();
        if (!sameKind && !(next instanceof ServiceState.Stopped)) {
            log.info("{}{}", next.label(), detail == null ? "" : ": " + detail);
        }
    }

    /** The state now, and since when. */
    public Phase phase() {
        return phase;
    }
}
