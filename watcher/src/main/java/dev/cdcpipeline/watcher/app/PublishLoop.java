package dev.cdcpipeline.watcher.app;

import dev.cdcpipeline.model.ChangeEvent;
import dev.cdcpipeline.model.Position;
import dev.cdcpipeline.platform.lifecycle.StopSignal;
import dev.cdcpipeline.watcher.capture.EventBatch;
import dev.cdcpipeline.watcher.capture.EventSource;
import dev.cdcpipeline.watcher.checkpoint.CheckpointSaver;
import dev.cdcpipeline.watcher.checkpoint.Place;
import dev.cdcpipeline.watcher.publish.AckTracker;
import dev.cdcpipeline.watcher.publish.Publisher;

import org.jspecify.annotations.Nullable;

import java.time.Duration;

/**
 * The Watcher's loop: takes events, publishes them, and lets the checkpoint follow what is durable.
 * One thread.
 */
final class PublishLoop {
    private static final Duration IDLE = Duration.ofMillis(50);

    private final EventSource source;
    private final Publisher publisher;
    private final Progress progress;
    private final Leadership leadership;
    private final StopSignal stop;
    private final Telemetry telemetry;

    /**
     * How durable positions reach the checkpoint.
     *
     * @param tracker knows the durable position
     * @param saver saves it
     * @param maxUnsaved for how long saving may fail before publishing waits
     */
    record Progress(AckTracker tracker, CheckpointSaver saver, Duration maxUnsaved) {}

    PublishLoop(
            EventSource source,
            Publisher publisher,
            Progress progress,
            Leadership leadership,
            StopSignal stop,
            Telemetry telemetry) {
        this.source = source;
        this.publisher = publisher;
        this.progress = progress;
        this.leadership = leadership;
        this.stop = stop;
        this.telemetry = telemetry;
    }

    /** One turn: at most one batch of events. */
    void runOnce() throws Exception {
        leadership.check();
        EventBatch batch = tooLongUnsaved() ? pause() : source.poll(IDLE);
        if (batch != null) {
            publish(batch);
        }
        publisher.advance();
        saveDurablePosition();
        telemetry.turn();
    }

    private boolean tooLongUnsaved() {
        return progress.saver().unsavedFor().compareTo(progress.maxUnsaved()) > 0;
    }

    private @Nullable EventBatch pause() throws InterruptedException {
        stop.sleep(IDLE);
        return null;
    }

    /**
     * Waits until everything in flight is durable; false when it is not by the deadline, as of
     * {@link System#nanoTime}.
     */
    boolean drain(long deadline) throws Exception {
        boolean drained = publisher.drain(deadline);
        saveDurablePosition();
        return drained;
    }

    /** Up to where everything is durable, null when nothing is yet. */
    @Nullable Place durable() {
        Position durable = progress.tracker().durable();
        return durable == null ? null : new Place(durable, publisher.stream());
    }

    private void publish(EventBatch batch) throws Exception {
        for (ChangeEvent event : batch.events()) {
            stop.check();
            publisher.publish(event);
        }
        if (batch.through() != null) {
            publisher.mark(batch.through());
        }
        telemetry.published(batch);
    }

    private void saveDurablePosition() throws Exception {
        Place durable = durable();
        if (durable != null) {
            progress.saver().offer(durable);
        }
    }
}
