package dev.cdcpipeline.watcher.app;

import dev.cdcpipeline.model.wire.EventReader;

import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/** Follows topics from their beginning, each partition in its order. */
final class TopicReader implements AutoCloseable {
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final EventReader reader = new EventReader();

    TopicReader(String bootstrapServers, List<String> topics) {
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

    /** Gives what has come, with the name of its topic. */
    void poll(BiConsumer<String, Topic.Published> taker) {
        consumer.poll(Duration.ofMillis(20))
                .forEach(record -> taker.accept(record.topic(), Topic.published(record, reader)));
    }

    /** Gives all that is in the topics now, and has not been given. */
    void pollToTheEnd(BiConsumer<String, Topic.Published> taker) {
        Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
        while (ends.entrySet().stream()
                .anyMatch(each -> consumer.position(each.getKey()) < each.getValue())) {
            poll(taker);
        }
    }

    @Override
    public void close() {
        consumer.close();
    }
}
