package dev.cdcpipeline.watcher.app;

import dev.cdcpipeline.platform.lifecycle.StopSignal;
import dev.cdcpipeline.platform.retry.Retry;
import dev.cdcpipeline.watcher.checkpoint.FencedException;
import dev.cdcpipeline.watcher.checkpoint.Lease;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.time.Duration;

/**
 * Waits for the lease and holds on to it. When the lease cannot be renewed because its store does
 * not answer, publishing goes on: nobody else can take it then, and an old leader does no harm
 * (I4).
 */
final class Leadership {
    private static final Logger LOG = LoggerFactory.getLogger(Leadership.class);

    private final Lease lease;
    private final Duration turn;
    private final Retry retry;
    private final StopSignal stop;
    private final Telemetry telemetry;
    private volatile boolean lost;

    /**
     * Leadership by a lease.
     *
     * @param turn how often the lease is held on to, well within its term
     */
    Leadership(Lease lease, Duration turn, Retry retry, StopSignal stop, Telemetry telemetry) {
        this.lease = lease;
        this.turn = turn;
        this.retry = retry;
        this.stop = stop;
        this.telemetry = telemetry;
    }

    /**
     * Waits until this Watcher leads.
     *
     * @param watch is run at each turn in which another one leads
     */
    void await(Retry.Action watch) throws Exception {
        if (!retry.call("lease", lease::holdOrTake)) {
            LOG.info("another Watcher leads; standing by");
            do {
                watch.run();
                telemetry.standingBy();
                stop.sleep(turn);
            } while (!retry.call("lease", lease::holdOrTake));
        }
        lost = false;
        telemetry.leading();
    }

    /** Holds on to the lease until it is closed. */
    AutoCloseable hold() {
        Thread holder =
                Thread.ofPlatform()
                        .name("watcher-lease")
                        .daemon()
                        .uncaughtExceptionHandler((_, cause) -> stop.died(cause))
                        .start(this::holdOn);
        return () -> {
            holder.interrupt();
            holder.join();
        };
    }

    private void holdOn() {
        try {
            while (!lost) {
                Thread.sleep(turn);
                holdOnce();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void holdOnce() {
        try {
            lost = !lease.holdOrTake();
            telemetry.leaseHeld();
        } catch (IOException e) {
            telemetry.leaseUnreachable(e);
        }
    }

    /** Throws when another Watcher leads by now. */
    void check() throws FencedException {
        if (lost) {
            throw new FencedException("another Watcher has taken over");
        }
    }
}
