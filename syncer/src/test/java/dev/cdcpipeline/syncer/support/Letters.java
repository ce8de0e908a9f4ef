package dev.cdcpipeline.syncer.support;

import dev.cdcpipeline.embedded.KafkaBroker;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Reads the dead-letter topic. */
public final class Letters {
    private Letters() {}

    /** A record of the topic. */
    public record Letter(ConsumerRecord<byte[], byte[]> record) {

        /** A header as text. */
        public String header(String name) {
            var header = record.headers().lastHeader(name);
            return header == null
                    ? ""
                    : new String(Objects.requireNonNull(header.value()), StandardCharsets.UTF_8);
        }

        /** The value as text. */
        public String text() {
            return new String(record.value(), StandardCharsets.UTF_8);
        }
    }

    /** Waits for so many letters. */
    public static List<Letter> read(KafkaBroker broker, String topic, int count) {
        var letters = new ArrayList<Letter>();
        long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        try (var consumer =
                new KafkaConsumer<>(
                        Map.of("bootstrap.servers", broker.bootstrapServers()),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer())) {
            var partitions =
                    consumer.partitionsFor(topic).stream()
                            .map(info -> new TopicPartition(info.topic(), info.partition()))
                            .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            while (letters.size() < count && System.nanoTime() < deadline) {
                consumer.poll(Duration.ofMillis(100))
                        .forEach(record -> letters.add(new Letter(record)));
            }
        }
        return letters;
    }
}
