package dev.cdcpipeline.watcher.app;

import dev.cdcpipeline.model.wire.RecordHeaders;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.IntStream;

/** Writes to topics what this Watcher does not. */
final class ForeignRecords implements AutoCloseable {
    private static final int PARTITIONS = 3;

    private final String bootstrapServers;
    private final Producer<byte[], byte[]> producer;

    ForeignRecords(String bootstrapServers) {
        this.bootstrapServers = bootstrapServers;
        this.producer = producer(Map.of());
    }

    private Producer<byte[], byte[]> producer(Map<String, Object> more) {
        Map<String, Object> all = new HashMap<>(more);
        all.put("bootstrap.servers", bootstrapServers);
        return new KafkaProducer<>(all, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** Records of another program, to every partition. */
    void send(String topic, int count) {
        send(producer, topic, count);
        producer.flush();
    }

    private static void send(Producer<byte[], byte[]> to, String topic, int count) {
        byte[] text = "of another program".getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < count; i++) {
            for (int partition = 0; partition < PARTITIONS; partition++) {
                var _ = to.send(new ProducerRecord<>(topic, partition, text, text));
            }
        }
    }

    /** Records of a transaction that does not come about. */
    void abort(String topic, int count) {
        try (Producer<byte[], byte[]> transactional =
                producer(Map.of("transactional.id", UUID.randomUUID().toString()))) {
            transactional.initTransactions();
            transactional.beginTransaction();
            send(transactional, topic, count);
            transactional.flush();
            transactional.abortTransaction();
        }
    }

    /** Copies records as a Watcher before the stream's headers would have written them. */
    void copyWithoutStreams(String from, String to) {
        copy(
                from,
                to,
                header ->
                        header.key().equals(RecordHeaders.STREAM)
                                        || header.key().equals(RecordHeaders.DURABLE)
                                ? null
                                : header);
    }

    /** Copies records as if they were an hour ahead of what they say was durable. */
    void copyAnHourAhead(String topic) {
        copy(
                topic,
                topic,
                header -> {
                    if (!header.key().equals(RecordHeaders.POSITION)) {
                        return header;
                    }
                    byte[] later = header.value().clone();
                    ByteBuffer bytes = ByteBuffer.wrap(later);
                    int seconds = Long.BYTES + 1;
                    bytes.putInt(seconds, bytes.getInt(seconds) + 3_600);
                    return new RecordHeader(header.key(), later);
                });
    }

    private void copy(String from, String to, Function<Header, @Nullable Header> headers) {
        List<TopicPartition> partitions =
                IntStream.range(0, PARTITIONS).mapToObj(i -> new TopicPartition(from, i)).toList();
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(
                        Map.of("bootstrap.servers", bootstrapServers),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer())) {
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream()
                    .anyMatch(each -> consumer.position(each) < ends.getOrDefault(each, 0L))) {
                consumer.poll(Duration.ofMillis(100)).forEach(each -> copy(each, to, headers));
            }
        }
        producer.flush();
    }

    private void copy(
            ConsumerRecord<byte[], byte[]> record,
            String to,
            Function<Header, @Nullable Header> headers) {
        String from = record.topic();
        String value =
                new String(record.value(), StandardCharsets.UTF_8)
                        .replace(collection(from), collection(to));
        List<Header> changed = new ArrayList<>();
        for (Header each : record.headers()) {
            Header header = headers.apply(each);
            if (header != null) {
                changed.add(header);
            }
        }
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        var _ = producer.send(new ProducerRecord<>(to, null, record.key(), bytes, changed));
    }

    private static String collection(String topic) {
        return "\"" + topic.substring(topic.lastIndexOf('.') + 1) + "\"";
    }

    @Override
    public void close() {
        producer.close();
    }
}
