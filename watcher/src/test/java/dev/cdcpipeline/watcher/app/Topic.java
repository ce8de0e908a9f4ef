package dev.cdcpipeline.watcher.app;

import dev.cdcpipeline.model.ChangeEvent;
import dev.cdcpipeline.model.Position;
import dev.cdcpipeline.model.wire.EventReader;
import dev.cdcpipeline.model.wire.RecordHeaders;

import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Reads a topic of a test. */
final class Topic {
    private Topic() {}

    /**
     * A record as the Syncer would see it.
     *
     * @param partition where it is
     * @param key its key, which is text
     * @param event its value
     * @param headers its headers
     * @param durable what was durable, as it says
     */
    record Published(
            int partition,
            String key,
            ChangeEvent event,
            RecordHeaders headers,
            @Nullable Position durable) {}

    /** Everything in the topic now, each partition in its order. */
    static List<Published> read(String bootstrapServers, String topic) {
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(
                        Map.of(
                                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers,
                                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest",
                                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false"),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer())) {
            List<TopicPartition> partitions =
                    consumer.partitionsFor(topic).stream()
                            .map(info -> new TopicPartition(info.topic(), info.partition()))
                            .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            List<Published> all = new ArrayList<>();
            EventReader reader = new EventReader();
            while (partitions.stream()
                    .anyMatch(p -> consumer.position(p) < ends.getOrDefault(p, 0L))) {
                consumer.poll(Duration.ofMillis(200))
                        .forEach(record -> all.add(published(record, reader)));
            }
            return all;
        }
    }

    static Published published(ConsumerRecord<byte[], byte[]> record, EventReader reader) {
        RecordHeaders headers = RecordHeaders.read(name -> header(record, name));
        byte[] durable = header(record, RecordHeaders.DURABLE);
        return new Published(
                record.partition(),
                new String(record.key(), StandardCharsets.UTF_8),
                reader.read(record.value()),
                Objects.requireNonNull(headers),
                durable == null ? null : RecordHeaders.position(durable));
    }

    private static byte @Nullable [] header(ConsumerRecord<byte[], byte[]> record, String name) {
        Header header = record.headers().lastHeader(name);
        return header == null ? null : header.value();
    }
}
