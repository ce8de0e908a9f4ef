package dev.cdcpipeline.watcher.app;

import com.mongodb.MongoClientSettings;
import com.mongodb.event.CommandEvent;
import com.mongodb.event.CommandSucceededEvent;
import com.mongodb.event.ConnectionPoolCreatedEvent;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.kafka.KafkaClientMetrics;
import io.micrometer.core.instrument.binder.mongodb.MongoMetricsCommandListener;
import io.micrometer.core.instrument.binder.mongodb.MongoMetricsConnectionPoolListener;

import org.apache.kafka.clients.producer.Producer;

/**
 * What the drivers measure of themselves. Their labels are bounded: commands and servers of
 * MongoDB, nodes and topics of Kafka; no collections, which Micrometer would add by itself, and no
 * ids, which change with every start.
 */
final class DriverMetrics {
    private final MeterRegistry registry;

    DriverMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    /** Lets a client of MongoDB measure its commands and connections. */
    void measure(MongoClientSettings.Builder client) {
        client.addCommandListener(
                        new MongoMetricsCommandListener(registry, DriverMetrics::commandTags))
                .applyToConnectionPoolSettings(
                        pool ->
                                pool.addConnectionPoolListener(
                                        new MongoMetricsConnectionPoolListener(
                                                registry, DriverMetrics::poolTags)));
    }

    private static Iterable<Tag> commandTags(CommandEvent event) {
        return Tags.of(
                "command",
                event.getCommandName(),
                "status",
                event instanceof CommandSucceededEvent ? "success" : "failed");
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
