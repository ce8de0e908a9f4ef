package dev.cdcpipeline.watcher.app;

import dev.cdcpipeline.platform.failure.Classifier;
import dev.cdcpipeline.platform.failure.Reaction;
import dev.cdcpipeline.platform.lifecycle.Lifecycle;
import dev.cdcpipeline.platform.lifecycle.NotDrainedException;
import dev.cdcpipeline.platform.lifecycle.Service;
import dev.cdcpipeline.platform.lifecycle.ServiceState;
import dev.cdcpipeline.platform.lifecycle.StopSignal;
import dev.cdcpipeline.platform.retry.Retry;
import dev.cdcpipeline.watcher.checkpoint.Checkpoint;
import dev.cdcpipeline.watcher.checkpoint.CheckpointSaver;
import dev.cdcpipeline.watcher.checkpoint.FencedException;
import dev.cdcpipeline.watcher.checkpoint.Place;
import dev.cdcpipeline.watcher.publish.PublishException;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.Objects;

/**
 * Publishes the changes of MongoDB to Kafka, every change at least once and in order per document.
 *
 * <p>It runs sessions, one after the other: a session reads the stream from the durable position
 * and publishes until a stop is asked for or Kafka refuses a record. What the durable position is,
 * is the invariant I1.
 */
public final class Watcher implements Service {
    private static final Logger LOG = LoggerFactory.getLogger(Watcher.class);

    private final Parts parts;
    private final Retry retry;
    private final Classifier classifier;
    private final StopSignal stop;
    private final Telemetry telemetry;
    private final Lifecycle lifecycle;
    private final Duration drainTime;
    private final KnownPosition known = new KnownPosition();

    Watcher(
            Parts parts,
            Retry retry,
            Classifier classifier,
            StopSignal stop,
            Telemetry telemetry,
            Lifecycle lifecycle,
            Duration drainTime) {
        this.parts = parts;
        this.retry = retry;
        this.classifier = classifier;
        this.stop = stop;
        this.telemetry = telemetry;
        this.lifecycle = lifecycle;
        this.drainTime = drainTime;
    }

    @Override
    public void run() throws Exception {
        try {
            runUntilItStops();
        } finally {
            stop.requireNoDeath();
        }
    }

    private void runUntilItStops() throws Exception {
        try {
            lifecycle.enter(new ServiceState.Connecting());
            parts.connect();
            Leadership leadership = parts.leadership();
            while (!stop.isRequested()) {
                leadership.await(this::watchTheLeader);
                lead(leadership);
            }
        } catch (InterruptedException e) {
            requireStop(e);
        } catch (Exception e) {
            throw parts.explained(e);
        }
    }

    /** Remembers how far the one that leads has got, in case that its store loses it. */
    private void watchTheLeader() throws Exception {
        lifecycle.enter(new ServiceState.StandingBy("another Watcher leads"));
        known.anotherLeads();
        loadCheckpoint();
    }

    /** The place in the store, null when there is none; it is known from then on. */
    private @Nullable Place loadCheckpoint() throws Exception {
        Place saved =
                retry.call("checkpoint", parts::loadCheckpoint).map(Checkpoint::place).orElse(null);
        known.learn(saved);
        return saved;
    }

    /** Publishes until a stop, or until another Watcher has taken over. */
    private void lead(Leadership leadership) throws Exception {
        lifecycle.enter(new ServiceState.Connecting());
        Place saved = loadCheckpoint();
        try (AutoCloseable _ = leadership.hold()) {
            Beginning beginning = parts.beginnings().first(known);
            LOG.info("{}", parts.startLine(beginning));
            publish(beginning, saved, leadership);
        }
    }

    private void publish(Beginning beginning, @Nullable Place saved, Leadership leadership)
            throws Exception {
        CheckpointSaver saver = parts.saver();
        try (saver) {
            saveAgain(saved, saver);
            parts.checkTopics();
            while (!stop.isRequested()) {
                retry.run("session", () -> runSession(beginning, saver, leadership));
            }
        } catch (InterruptedException e) {
            requireStop(e);
        } catch (FencedException e) {
            LOG.warn("standing by from now on: {}", e.getMessage());
        }
        if (stop.isRequested() && saver.hasUnsaved()) {
            throw new NotDrainedException(
                    "the last position could not be saved in the checkpoint; what was published after the one before it"
                            + " is published again at the next start");
        }
    }

    /** An interruption is a stop, or nobody knows what it is. */
    private void requireStop(InterruptedException e) throws InterruptedException {
        if (!stop.isRequested()) {
            throw e;
        }
    }

    /** Fills a store that has lost what this Watcher knows. */
    private void saveAgain(@Nullable Place saved, CheckpointSaver saver) throws FencedException {
        Place newest = known.newest();
        if (newest != null && (saved == null || !newest.position().equals(saved.position()))) {
            LOG.warn(
                    "the store of the checkpoint has {}; going on after the newest position that this Watcher knows",
                    saved == null ? "lost it" : "an older one");
            saver.offer(newest);
        }
    }

    /**
     * Returns after a failure that may pass only when the session had made progress, so that the
     * rest backs off.
     */
    private void runSession(Beginning first, CheckpointSaver saver, Leadership leadership)
            throws Exception {
        Place before = known.newest();
        Beginning beginning = before == null ? first : parts.beginnings().after(before);
        try (Session session = parts.session(beginning, saver, leadership)) {
            telemetry.producing(before == null ? null : before.position());
            lifecycle.enter(new ServiceState.Streaming());
            run(session.loop());
        } catch (NotDrainedException e) {
            throw e; // Progress or not, there is no other session.
        } catch (Exception e) {
            boolean progress = !Objects.equals(known.newest(), before);
            if (!progress || classifier.reaction(e) == Reaction.STOP) {
                throw e;
            }
            telemetry.restarting(e);
        }
    }

    private void run(PublishLoop loop) throws Exception {
        try {
            runUntilStopped(loop);
            drain(loop);
        } finally {
            known.learn(loop.durable());
        }
    }

    /** A refusal that may pass is not tried again now: there is no time for it. */
    private void drain(PublishLoop loop) throws Exception {
        lifecycle.enter(new ServiceState.Draining());
        boolean drained;
        try {
            drained = loop.drain(System.nanoTime() + drainTime.toNanos());
        } catch (PublishException e) {
            if (classifier.reaction(e) == Reaction.STOP) {
                throw e;
            }
            drained = false;
        }
        if (!drained) {
            throw new NotDrainedException(
                    "Kafka has not confirmed everything in time; the rest is published again at the next start");
        }
    }

    private void runUntilStopped(PublishLoop loop) throws Exception {
        try {
            while (!stop.isRequested()) {
                loop.runOnce();
            }
        } catch (InterruptedException e) {
            requireStop(e);
        }
    }

    @Override
    public void stop() {
        stop.request();
    }

    @Override
    public void close() {
        parts.close();
    }
}
