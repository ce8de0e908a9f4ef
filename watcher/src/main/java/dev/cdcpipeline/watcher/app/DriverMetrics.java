package dev.cdcpipeline.watcher.app;

import com.mongodb.MongoClientSettings;
import com.mongodb.event.ConnectionPoolCreatedEvent;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.kafka.KafkaClientMetrics;
import io.micrometer.core.instrument.binder.mongodb.MongoMetricsConnectionPoolListener;

import org.apache.kafka.clients.producer.Producer;

/**
 * What the drivers measure of themselves. Their labels are bounded: servers of MongoDB, nodes and
 * topics of Kafka; no ids, which change with every start.
 */
final class DriverMetrics {
    private final MeterRegistry registry;

    DriverMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    /**
     * Lets a client of MongoDB measure its connections. Not its commands: to tell a listener of
     * them the driver copies every reply once more, growing the copy as it goes, and replies are
     * what the Watcher reads.
     */
    void measure(MongoClientSettings.Builder client) {
        client.applyToConnectionPoolSettings(
                pool ->
                        pool.addConnectionPoolListener(
                                new MongoMetricsConnectionPoolListener(
                                        registry, DriverMetrics::poolTags)));
    }

    private static Iterable<Tag> poolTags(ConnectionPoolCreatedEvent event) {
        return Tags.of("server.address", event.getServerId().getAddress().toString());
    }

    /** Measures a producer until what is returned is closed. */
    KafkaClientMetrics measure(Producer<byte[], byte[]> producer) {
        KafkaClientMetrics metrics = new KafkaClientMetrics(producer);
        metrics.bindTo(registry);
        return metrics;
    }
}
