package dev.cdcpipeline.syncer.consume;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cdcpipeline.syncer.support.Servers;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** With a real broker and Kafka's own consumer, whose behaviour the budget rests on. */
class PollBudgetTest {
    private static final int PARTITIONS = 6;
    private static final int BUDGET = 300_000;
    private static final int SMALL = 3_000;
    private static final int LARGE = 60;

    @ParameterizedTest
    @ValueSource(strings = {"none", "gzip", "snappy", "lz4", "zstd"})
    @DisplayName(
            "case S1: A poll hands out no more bytes than it may, or one record; all come, once, in order")
    void boundsWhatAPollHandsOut(String codec) throws Exception {
        String topic = "budget-" + codec;
        int sent = fill(topic, codec);
        var budget = new PollBudget();
        var next = new HashMap<TopicPartition, Long>();
        int read = 0;
        int cut = 0;
        try (var consumer =
                new KafkaConsumer<>(
                        Map.<String, Object>of(
                                "bootstrap.servers",
                                Servers.kafka().bootstrapServers(),
                                "max.poll.records",
                                5_000,
                                "fetch.max.bytes",
                                16 << 20,
                                "max.partition.fetch.bytes",
                                16 << 20,
                                "enable.auto.commit",
                                false),
                        budget.keys(),
                        budget.values())) {
            var partitions =
                    consumer.partitionsFor(topic).stream()
                            .map(info -> new TopicPartition(topic, info.partition()))
                            .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            while (read < sent) {
                budget.renew(BUDGET);
                var polled = consumer.poll(Duration.ofSeconds(10));
                assertThat(polled.count()).isPositive();
                long bytes = 0;
                int values = 0; // a record without one is small, and let through
                for (ConsumerRecord<ByteBuffer, ByteBuffer> record : polled) {
                    bytes += bytes(record);
                    values += record.value() == null ? 0 : 1;
                }
                for (TopicPartition partition : polled.partitions()) {
                    for (var record : polled.records(partition)) {
                        assertThat(record.offset()).isEqualTo(next.getOrDefault(partition, 0L));
                        next.put(partition, record.offset() + 1);
                    }
                }
                assertThat(bytes <= BUDGET || values == 1).as(bytes + " bytes").isTrue();
                cut += budget.hasRefusedLarge() ? 1 : 0;
                read += polled.count();
            }
        }
        assertThat(read).isEqualTo(sent);
        assertThat(cut).as("polls that a large record has ended").isPositive();
    }

    private static long bytes(ConsumerRecord<ByteBuffer, ByteBuffer> record) {
        long bytes = length(record.key()) + length(record.value());
        for (Header header : record.headers()) {
            bytes += header.value().length;
        }
        return bytes;
    }

    private static long length(@Nullable ByteBuffer buffer) {
        return buffer == null ? 0 : buffer.remaining();
    }

    /**
     * Thousands of small ones first, then large ones among small ones, some without key or value.
     */
    private static int fill(String topic, String codec) throws Exception {
        Map<String, Object> servers =
                Map.of("bootstrap.servers", Servers.kafka().bootstrapServers());
        try (Admin admin = Admin.create(servers)) {
            var description =
                    new NewTopic(topic, Optional.of(PARTITIONS), Optional.of((short) 1))
                            .configs(Map.of("max.message.bytes", "67108864"));
            admin.createTopics(List.of(description)).all().get();
        }
        var settings = new HashMap<>(servers);
        settings.put("compression.type", codec);
        settings.put("max.request.size", 64 << 20);
        settings.put("batch.size", 1 << 20);
        settings.put("linger.ms", 20);
        // On a starved machine an idempotent producer may disagree with the broker for good.
        settings.put("enable.idempotence", false);
        settings.put("max.in.flight.requests.per.connection", 1);
        var random = new Random(1);
        try (var producer =
                new KafkaProducer<>(
                        settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (int i = 0; i < SMALL + LARGE; i++) {
                boolean isLarge = i >= SMALL && random.nextInt(3) > 0;
                byte[] key = random.nextInt(10) == 0 ? null : new byte[12];
                byte[] value = random.nextInt(20) == 0 ? null : new byte[1];
                value = isLarge ? new byte[random.nextInt(1, 600_000)] : value;
                var record = new ProducerRecord<>(topic, random.nextInt(PARTITIONS), key, value);
                record.headers().add("h", new byte[random.nextInt(50)]);
                var _ = producer.send(record);
            }
        }
        return SMALL + LARGE;
    }
}
