package dev.cdcpipeline.syncer.support;

import dev.cdcpipeline.embedded.KafkaBroker;
import dev.cdcpipeline.model.wire.EventWriter;
import dev.cdcpipeline.model.wire.RecordHeaders;
import dev.cdcpipeline.model.wire.WireFormat;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Writes a topic record by record, each to the partition and with the headers that a test says. */
public final class LogWriter implements AutoCloseable {
    private final KafkaBroker broker;
    private final String topic;
    private final KafkaProducer<byte[], byte[]> producer;
    private final EventWriter writer = new EventWriter(WireFormat.JSON);

    /** A new topic with this configuration. */
    public LogWriter(
            KafkaBroker broker, String topic, int partitions, Map<String, String> configuration)
            throws Exception {
        this.broker = broker;
        this.topic = topic;
        var settings = Map.<String, Object>of("bootstrap.servers", broker.bootstrapServers());
        try (Admin admin = Admin.create(settings)) {
            var description =
                    new NewTopic(topic, Optional.of(partitions), Optional.of((short) 1))
                            .configs(configuration);
            admin.createTopics(List.of(description)).all().get();
        }
        this.producer =
                new KafkaProducer<>(
                        Map.of("bootstrap.servers", broker.bootstrapServers()),
                        new ByteArraySerializer(),
                        new ByteArraySerializer());
    }

    /** Writes an event. */
    public void write(int partition, Events.Event event) {
        write(partition, event, event.headers(), null);
    }

    /** Writes an event at a time, in milliseconds: Kafka's segments end by it. */
    public void writeAt(long time, Events.Event event) {
        write(0, event, event.headers(), time);
    }

    /** Writes an event with other headers than its own. */
    public void write(int partition, Events.Event event, RecordHeaders headers) {
        write(partition, event, headers, null);
    }

    private void write(
            int partition, Events.Event event, RecordHeaders headers, @Nullable Long time) {
        byte[] key = writer.key(Objects.requireNonNull(event.event().documentKey()));
        var record = new ProducerRecord<>(topic, partition, time, key, writer.value(event.event()));
        headers.forEach(record.headers()::add);
        send(record);
    }

    /** Puts a record back as it is, with all of its headers. */
    public void putBack(ConsumerRecord<byte[], byte[]> letter) {
        send(new ProducerRecord<>(topic, 0, letter.key(), letter.value(), letter.headers()));
    }

    private void send(ProducerRecord<byte[], byte[]> record) {
        try {
            producer.send(record).get(); // one by one, as they are to lie
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** The offsets that partition 0 still has. */
    public List<Long> offsets() {
        var partition = new TopicPartition(topic, 0);
        var offsets = new ArrayList<Long>();
        try (var consumer =
                new KafkaConsumer<>(
                        Map.of("bootstrap.servers", broker.bootstrapServers()),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            Map<TopicPartition, Long> ends = consumer.endOffsets(List.of(partition));
            long end = Objects.requireNonNull(ends.get(partition));
            while (consumer.position(partition) < end) {
                consumer.poll(Duration.ofMillis(100))
                        .forEach(record -> offsets.add(record.offset()));
            }
        }
        return offsets;
    }

    @Override
    public void close() {
        producer.close();
    }
}
