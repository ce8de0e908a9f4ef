package dev.cdcpipeline.watcher.publish;

import dev.cdcpipeline.model.Namespace;
import dev.cdcpipeline.model.Position;
import dev.cdcpipeline.model.Version;
import dev.cdcpipeline.watcher.capture.Endings;

import java.time.Duration;

/** Hears what is published; for health and metrics. Called by the publisher's thread. */
public interface PublishListener {
    /**
     * An event was handed to the producer.
     *
     * @param namespace the collection it is about
     * @param operation MongoDB's word for what happened
     * @param bytes key and value
     */
    void sent(Namespace namespace, String operation, int bytes);

    /**
     * Records became durable, and with them everything before them.
     *
     * @param records how many
     */
    void durable(int records);

    /**
     * There is no room in flight; called again and again until there is.
     *
     * @throws InterruptedException to end the wait
     */
    void waiting() throws InterruptedException;

    /**
     * Kafka has confirmed nothing for longer than it may. Called by a thread that looks, again and
     * again while it lasts.
     *
     * @param silence for how long
     * @param reason that, and why, as far as it is known
     */
    void stalled(Duration silence, String reason);

    /** Nothing has been in flight for a while. Called by the thread that looks. */
    void idle();

    /** The thread that looks has died. */
    void died(Throwable cause);

    /**
     * One record of many was confirmed. Called by the producer's thread.
     *
     * @param nanos since it was sent
     */
    void confirmed(long nanos);

    /**
     * A collection of the scope has taken over the documents of another one by a rename. Those it
     * had before are swept; those it has now are not copied to its topic.
     *
     * @param from the old name of what it is now
     * @param to the collection
     */
    void notCopied(Namespace from, Namespace to);

    /**
     * An event said that a collection is gone, and that is not so or not sure: it was not swept.
     *
     * @param collection the collection
     * @param ending what is known of it
     * @param version what the sweep's version would have been
     */
    void notEnded(Namespace collection, Endings.Ending ending, Version version);

    /**
     * A record was too large for Kafka, and the dead-letter topic was told of it.
     *
     * @param namespace its collection
     * @param position its place in the stream
     * @param bytes its size
     */
    void deadLetter(Namespace namespace, Position position, int bytes);
}
