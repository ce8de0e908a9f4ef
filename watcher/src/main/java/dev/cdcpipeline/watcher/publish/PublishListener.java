package dev.cdcpipeline.watcher.publish;

import dev.cdcpipeline.model.Namespace;
import dev.cdcpipeline.model.Position;

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
     * One record of many was confirmed. Called by the producer's thread.
     *
     * @param nanos since it was sent
     */
    void confirmed(long nanos);

    /**
     * A collection of the scope has a new name, which is in the scope too. Its documents are not
     * copied to the new name's topic.
     *
     * @param from the old name
     * @param to the new name
     */
    void notCopied(Namespace from, Namespace to);

    /**
     * A record was too large for Kafka, and the dead-letter topic was told of it.
     *
     * @param namespace its collection
     * @param position its place in the stream
     * @param bytes its size
     */
    void deadLetter(Namespace namespace, Position position, int bytes);
}
