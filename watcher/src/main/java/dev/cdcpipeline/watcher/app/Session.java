package dev.cdcpipeline.watcher.app;

import dev.cdcpipeline.watcher.capture.EventSource;
import dev.cdcpipeline.watcher.publish.StallWatch;

import io.micrometer.core.instrument.binder.kafka.KafkaClientMetrics;

import org.apache.kafka.clients.producer.Producer;

import java.time.Duration;

/**
 * One run of the stream with one producer, until a stop or until Kafka does not take a record.
 *
 * @param source yields the events
 * @param producer writes to Kafka
 * @param metrics of the producer
 * @param watch looks whether Kafka confirms
 * @param loop moves events from one to the other
 */
record Session(
        EventSource source,
        Producer<byte[], byte[]> producer,
        KafkaClientMetrics metrics,
        StallWatch watch,
        PublishLoop loop)
        implements AutoCloseable {
    /** Closes the producer without waiting: what should be durable was drained before. */
    @Override
    public void close() {
        try (source;
                metrics;
                watch) {
            producer.close(Duration.ZERO);
        }
    }
}
