package dev.cdcpipeline.syncer.consume;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

import org.apache.kafka.clients.consumer.Consumer;

/**
 * How far the consumer is behind, by its own measure ({@code records-lag-max} of Kafka's client):
 * one number for an instance, however many partitions it has.
 */
public final class ConsumerLag {
    private static final String LAG = "records-lag-max";

    private ConsumerLag() {}

    /** Measures from now on. */
    public static void bind(MeterRegistry registry, Consumer<?, ?> consumer) {
        Gauge.builder("cdc.syncer.lag.records", consumer, ConsumerLag::furthestBehind)
                .description("Records that the partition furthest behind is behind")
                .register(registry);
    }

    private static double furthestBehind(Consumer<?, ?> consumer) {
        return consumer.metrics().values().stream()
                .filter(metric -> metric.metricName().name().equals(LAG))
                .map(metric -> metric.metricValue())
                .filter(Number.class::isInstance)
                .mapToDouble(value -> ((Number) value).doubleValue())
                .filter(Double::isFinite)
                .max()
                .orElse(0);
    }
}
