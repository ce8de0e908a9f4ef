package dev.cdcpipeline.kafka;

import java.net.UnknownHostException;
import java.time.Duration;

/** The Kafka clients of one service, made from its settings. */
public sealed interface KafkaClients permits PublisherClients, ApplierClients {

    /** Returns the settings that the clients are made from. */
    KafkaSettings settings();

    /**
     * Creates the service's admin client, which the caller closes.
     *
     * @throws org.apache.kafka.common.KafkaException if a property keeps it from being created
     */
    KafkaAdmin admin();

    /**
     * Creates the service's admin client for a check, which waits for each answer no longer than
     * the limit. The caller closes it.
     *
     * @throws org.apache.kafka.common.KafkaException if a property keeps it from being created
     */
    KafkaAdmin admin(Duration limit);

    /**
     * Creates each of the service's producers and consumers and closes it again. None connects.
     *
     * @throws org.apache.kafka.common.KafkaException if a property keeps one from being created
     */
    void tryOut();

    /**
     * Looks the brokers' names up, which must be known before a client is created.
     *
     * @throws UnknownHostException if no broker's name has an address now
     */
    default void requireAddress() throws UnknownHostException {
        new BootstrapServers(settings().bootstrapServers()).requireAddress();
    }
}
