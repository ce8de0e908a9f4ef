package dev.cdcpipeline.watcher.app;

import dev.cdcpipeline.model.DocumentKey;
import dev.cdcpipeline.model.Namespace;
import dev.cdcpipeline.model.wire.EventReader;

import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Follows topics from their beginning, and keeps each document's records in their order. */
final class TopicTail implements AutoCloseable {
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final EventReader reader = new EventReader();
    private final Map<String, List<Topic.Published>> records = new HashMap<>();
    private final StreamContinuity streams = new StreamContinuity();

    TopicTail(String bootstrapServers, List<String> topics) {
        this.consumer =
                new KafkaConsumer<>(
                        Map.of(
                                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers,
                                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest",
                                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false"),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer());
        List<TopicPartition> partitions =
                topics.stream()
                        .flatMap(topic -> consumer.partitionsFor(topic).stream())
                        .map(info -> new TopicPartition(info.topic(), info.partition()))
                        .toList();
        consumer.assign(partitions);
    }

    /** What a document is called here. */
    static String name(String collection, String id) {
        return collection + "/" + id;
    }

    /** Takes what has come. */
    void poll() {
        consumer.poll(Duration.ofMillis(20))
                .forEach(
                        record -> {
                            Topic.Published published = Topic.published(record, reader);
                            streams.add(record.topic(), published);
                            add(published);
                        });
    }

    private void add(Topic.Published record) {
        Namespace namespace = Objects.requireNonNull(record.event().namespace());
        DocumentKey key = Objects.requireNonNull(record.event().documentKey());
        records.computeIfAbsent(
                        name(namespace.collection(), key.id().asString().getValue()),
                        name -> new ArrayList<>())
                .add(record);
    }

    /** The records of a document so far. */
    List<Topic.Published> of(String name) {
        return records.getOrDefault(name, List.of());
    }

    /** What the streams are like. */
    StreamContinuity streams() {
        return streams;
    }

    @Override
    public void close() {
        consumer.close();
    }
}
