package dev.cdcpipeline.tests.secrets;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.cdcpipeline.embedded.KafkaBroker;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Records that cannot be applied, and what the dead-letter topic says of them. */
final class Letters {
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final Map<String, Object> broker;

    Letters(KafkaBroker kafka) {
        this.broker = Map.of("bootstrap.servers", kafka.bootstrapServers());
    }

    /** Makes a topic, and puts a record into it that is no change event. */
    void spoil(String topic) throws Exception {
        try (var admin = Admin.create(broker);
                var producer =
                        new KafkaProducer<>(
                                broker, new StringSerializer(), new StringSerializer())) {
            admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1))).all().get();
            producer.send(new ProducerRecord<>(topic, "{\"_id\": 1}", "not an event")).get();
        }
    }

    /** Makes a topic that takes no record of more than a few thousand bytes. */
    void takeOnlySmall(String topic) throws Exception {
        try (var admin = Admin.create(broker)) {
            var small =
                    new NewTopic(topic, 1, (short) 1).configs(Map.of("max.message.bytes", "4000"));
            admin.createTopics(List.of(small)).all().get();
        }
    }

    /** The first letter, with its headers, as text; waits for it. */
    String first(String topic) {
        var properties =
                Map.<String, Object>of(
                        "bootstrap.servers",
                        String.valueOf(broker.get("bootstrap.servers")),
                        "group.id",
                        "reader",
                        "auto.offset.reset",
                        "earliest",
                        "metadata.max.age.ms",
                        500);
        try (var consumer =
                new KafkaConsumer<>(
                        properties, new StringDeserializer(), new StringDeserializer())) {
            consumer.subscribe(List.of(topic));
            long end = System.nanoTime() + PATIENCE.toNanos();
            while (System.nanoTime() < end) {
                for (var record : consumer.poll(Duration.ofMillis(200))) {
                    return text(record);
                }
            }
        }
        throw new AssertionError("no letter came to " + topic);
    }

    private static String text(ConsumerRecord<String, String> record) {
        var text = new StringBuilder(record.key()).append(record.value());
        record.headers()
                .forEach(
                        header ->
                                text.append(header.key())
                                        .append(new String(header.value(), UTF_8)));
        return text.toString();
    }
}
