package dev.cdcpipeline.watcher.publish;

import dev.cdcpipeline.kafka.Topic;
import dev.cdcpipeline.platform.failure.Classifier;
import dev.cdcpipeline.platform.failure.Reaction;

import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;

/**
 * Looks, on a thread of its own, whether Kafka confirms what is in flight. Kafka's producer tries
 * again without end whatever may pass, and tells nobody: here it is told, with its cause where that
 * can be seen. Where a new session gets on (the topic is gone, or another one) or nothing else is
 * left to try, this one is ended; where only Kafka can mend it (no leader, too few replicas, no
 * broker), the producer goes on waiting.
 */
public final class StallWatch implements AutoCloseable {
    private static final Duration LONGEST_TURN = Duration.ofSeconds(5);

    private final Outbox outbox;
    private final Topics topics;
    private final Duration deadline;
    private final Classifier classifier;
    private final PublishListener listener;
    private final Thread thread;
    private long confirmed;
    private long quietSince;
    private long busyAt;

    /** When something was seen last that explains a silence, or there was none. */
    private long troubledAt;

    /** What the last look said of a topic; null when all were the same. */
    private @Nullable String changed;

    /**
     * A watch that does nothing yet.
     *
     * @param outbox what is in flight
     * @param topics where it goes
     * @param deadline how long nothing may be confirmed
     * @param classifier says which failures may pass
     * @param listener hears at each look how it is
     */
    public StallWatch(
            Outbox outbox,
            Topics topics,
            Duration deadline,
            Classifier classifier,
            PublishListener listener) {
        this.outbox = outbox;
        this.topics = topics;
        this.deadline = deadline;
        this.classifier = classifier;
        this.listener = listener;
        this.thread = Thread.ofPlatform().name("watcher-stall-watch").daemon().unstarted(this::run);
    }

    /** Begins to look. */
    public StallWatch start() {
        thread.start();
        return this;
    }

    private void run() {
        Duration turn = deadline.dividedBy(4);
        long nanos = Math.min(turn.toNanos(), LONGEST_TURN.toNanos());
        quietSince = System.nanoTime();
        busyAt = quietSince;
        troubledAt = quietSince;
        try {
            while (!Thread.currentThread().isInterrupted() && lookOnce()) {
                Thread.sleep(Duration.ofNanos(nanos));
            }
        } catch (InterruptedException closed) {
            // The session has ended.
        } catch (Throwable e) { // else nobody would look any more, and nobody know
            listener.died(e);
        }
    }

    /** Returns whether to go on. */
    private boolean lookOnce() throws InterruptedException {
        Duration silence = silence(System.nanoTime());
        boolean stalled = silence.compareTo(deadline) > 0;
        try {
            List<Topic> now = topics.requireUnchanged();
            changed = null;
            String trouble = stalled ? topics.trouble(now) : null;
            if (!stalled || trouble != null) {
                troubledAt = System.nanoTime();
            } else if (System.nanoTime() - troubledAt > deadline.toNanos()) {
                return end(new TimeoutException(sentence(silence)));
            }
            tell(silence, stalled, trouble == null ? "Kafka's topics look well" : trouble);
            return true;
        } catch (TopicChangedException e) {
            return again(e) ? end(e) : true;
        } catch (ExecutionException e) {
            Exception cause = e.getCause() instanceof Exception given ? given : e;
            if (stalled && classifier.reaction(cause) == Reaction.STOP) {
                return end(cause);
            }
            troubledAt = System.nanoTime();
            tell(silence, stalled, String.valueOf(cause));
            return true;
        }
    }

    /** For how long something has been in flight, or been refused, and nothing was confirmed. */
    private Duration silence(long now) {
        long reached = outbox.confirmed();
        boolean waits = outbox.waits();
        if (!waits || reached != confirmed) {
            quietSince = now;
        }
        if (waits) {
            busyAt = now;
        }
        confirmed = reached;
        return Duration.ofNanos(now - quietSince);
    }

    private void tell(Duration silence, boolean stalled, String cause) {
        if (stalled) {
            listener.stalled(silence, sentence(silence) + ": " + cause);
        } else if (System.nanoTime() - busyAt > deadline.toNanos()) {
            listener.idle();
        }
    }

    private static String sentence(Duration silence) {
        return "Kafka has confirmed nothing for %d s of what is in flight"
                .formatted(silence.toSeconds());
    }

    /** A broker may not have heard of a new topic yet: two looks must say the same. */
    private boolean again(TopicChangedException change) {
        String said = String.valueOf(change.getMessage());
        boolean again = said.equals(changed);
        changed = said;
        return again;
    }

    private boolean end(Exception cause) {
        outbox.fail(cause);
        return false;
    }

    /** Ends it. */
    @Override
    public void close() {
        thread.interrupt();
    }
}
