package dev.cdcpipeline.syncer.support;

import dev.cdcpipeline.embedded.KafkaBroker;
import dev.cdcpipeline.model.DocumentKey;
import dev.cdcpipeline.model.wire.EventWriter;
import dev.cdcpipeline.model.wire.RecordHeaders;
import dev.cdcpipeline.model.wire.WireFormat;

import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** A topic and a producer that writes events to it as the Watcher does. */
public final class Feed implements AutoCloseable {
    private final String topic;
    private final int partitions;
    private final KafkaProducer<byte[], byte[]> producer;
    private final EventWriter writer;

    /** A new topic with events in the JSON format. */
    public Feed(KafkaBroker broker, String topic, int partitions) {
        this(broker, topic, partitions, WireFormat.JSON);
    }

    /** A new topic. */
    public Feed(KafkaBroker broker, String topic, int partitions, WireFormat format) {
        this(broker, topic, partitions, format, "none");
    }

    /** A new topic whose records are compressed. */
    public Feed(
            KafkaBroker broker,
            String topic,
            int partitions,
            WireFormat format,
            String compression) {
        this.topic = topic;
        this.partitions = partitions;
        this.writer = new EventWriter(format);
        create(broker, topic, partitions);
        this.producer =
                new KafkaProducer<>(
                        Map.of(
                                "bootstrap.servers",
                                broker.bootstrapServers(),
                                "max.request.size",
                                64 << 20,
                                "buffer.memory",
                                128L << 20,
                                "batch.size",
                                256 << 10,
                                "compression.type",
                                compression,
                                "linger.ms",
                                2,
                                // On a starved machine a broker's late first answer makes an
                                // idempotent producer disagree with it about the sequence for good.
                                "enable.idempotence",
                                false,
                                "max.in.flight.requests.per.connection",
                                1),
                        new ByteArraySerializer(),
                        new ByteArraySerializer());
    }

    private static void create(KafkaBroker broker, String topic, int partitions) {
        broker.createTopics(
                new NewTopic(topic, Optional.of(partitions), Optional.of((short) 1))
                        .configs(Map.of("max.message.bytes", "67108864")));
    }

    /** The topic's name. */
    public String topic() {
        return topic;
    }

    /** Sends an event: to its document's partition, or to all if it is about no document. */
    public void send(Events.Event event) {
        DocumentKey key = event.event().documentKey();
        byte[] value = writer.value(event.event());
        if (key != null) {
            send(new ProducerRecord<>(topic, writer.key(key), value), event.headers());
            return;
        }
        for (int partition = 0; partition < partitions; partition++) {
            send(new ProducerRecord<>(topic, partition, null, value), event.headers());
        }
    }

    /** Sends an event of a document to a partition; waits until Kafka has it. */
    public void sendTo(int partition, Events.Event event) {
        DocumentKey key = Objects.requireNonNull(event.event().documentKey());
        byte[] value = writer.value(event.event());
        send(new ProducerRecord<>(topic, partition, writer.key(key), value), event.headers());
        producer.flush();
    }

    /** Sends bytes as they are, without headers; without a key if that is null. */
    public void sendRaw(byte @Nullable [] key, byte[] value) {
        var _ = producer.send(new ProducerRecord<>(topic, key, value));
    }

    /** The same with more headers. */
    public void send(Events.Event event, Map<String, String> more) {
        var record =
                new ProducerRecord<>(
                        topic,
                        writer.key(Objects.requireNonNull(event.event().documentKey())),
                        writer.value(event.event()));
        add(record, more);
        send(record, event.headers());
    }

    /** Sends bytes as they are, with these headers only. */
    public void sendRaw(byte[] key, byte[] value, Map<String, String> headers) {
        var record = new ProducerRecord<>(topic, key, value);
        add(record, headers);
        var _ = producer.send(record);
    }

    private static void add(ProducerRecord<byte[], byte[]> record, Map<String, String> headers) {
        headers.forEach(
                (name, value) ->
                        record.headers().add(name, value.getBytes(StandardCharsets.UTF_8)));
    }

    private void send(ProducerRecord<byte[], byte[]> record, RecordHeaders headers) {
        headers.forEach(record.headers()::add);
        var _ = producer.send(record);
    }

    /** Waits until Kafka has everything. */
    public void flush() {
        producer.flush();
    }

    @Override
    public void close() {
        producer.close();
    }
}
