package dev.cdcpipeline.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;

class KafkaBrokerTest {

    @Test
    void carriesRecordsFromAProducerToAConsumerGroup() throws Exception {
        try (var broker = KafkaBroker.start()) {
            createTopic(broker, "orders");
            send(broker, "orders", "one", "two");

            assertThat(receive(broker, "orders", 2)).containsExactly("one", "two");
        }
    }

    @Test
    void keepsItsDataAndItsPortWhenRestarted() throws Exception {
        try (var broker = KafkaBroker.start()) {
            createTopic(broker, "orders");
            send(broker, "orders", "before");
            String address = broker.bootstrapServers();

            broker.stop();
            broker.restart();

            assertThat(broker.bootstrapServers()).isEqualTo(address);
            send(broker, "orders", "after");
            assertThat(receive(broker, "orders", 2)).containsExactly("before", "after");
        }
    }

    @Test
    void createsNoTopicByItself() {
        try (var broker = KafkaBroker.start();
                var admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
                var producer = producer(broker, Map.of("max.block.ms", "1500"))) {
            assertThatThrownBy(() -> producer.send(new ProducerRecord<>("unknown", "value")).get())
                    .isInstanceOf(ExecutionException.class);
            assertThatThrownBy(() -> admin.describeTopics(Set.of("unknown")).allTopicNames().get())
                    .hasCauseInstanceOf(UnknownTopicOrPartitionException.class);
        }
    }

    @Test
    void twoBrokersRunSideBySide() throws Exception {
        try (var first = KafkaBroker.start();
                var second = KafkaBroker.start(Map.of("num.partitions", "3"))) {
            createTopic(first, "topic");
            createTopic(second, "topic");
            send(first, "topic", "first");
            send(second, "topic", "second");

            assertThat(receive(first, "topic", 1)).containsExactly("first");
            assertThat(receive(second, "topic", 1)).containsExactly("second");
        }
    }

    private static void createTopic(KafkaBroker broker, String name) throws Exception {
        try (var admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            admin.createTopics(List.of(new NewTopic(name, 1, (short) 1))).all().get();
        }
    }

    private static void send(KafkaBroker broker, String topic, String... values) throws Exception {
        try (var producer = producer(broker, Map.of())) {
            for (String value : values) {
                producer.send(new ProducerRecord<>(topic, value)).get();
            }
        }
    }

    private static KafkaProducer<String, String> producer(
            KafkaBroker broker, Map<String, Object> extra) {
        var settings = new java.util.HashMap<>(extra);
        settings.put("bootstrap.servers", broker.bootstrapServers());
        return new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer());
    }

    private static List<String> receive(KafkaBroker broker, String topic, int count) {
        Map<String, Object> settings =
                Map.of(
                        "bootstrap.servers",
                        broker.bootstrapServers(),
                        "group.id",
                        "readers",
                        "auto.offset.reset",
                        "earliest");
        var values = new ArrayList<String>();
        try (var consumer =
                new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            consumer.subscribe(List.of(topic));
            long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
            while (values.size() < count && System.nanoTime() < end) {
                consumer.poll(Duration.ofMillis(200)).forEach(each -> values.add(each.value()));
            }
        }
        return values;
    }
}
