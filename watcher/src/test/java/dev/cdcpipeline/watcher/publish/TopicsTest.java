package dev.cdcpipeline.watcher.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.cdcpipeline.embedded.KafkaBroker;
import dev.cdcpipeline.kafka.KafkaAdmin;
import dev.cdcpipeline.model.Namespace;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.errors.RetriableException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.Map;

class TopicsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final KafkaBroker kafka = KafkaBroker.start();
    private static final Admin admin =
            Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()));
    private static final TopicSettings SETTINGS = new TopicSettings("cdc", 2, 1, 1 << 20);

    @AfterAll
    static void stop() {
        admin.close();
        kafka.close();
    }

    /**
     * Where a Watcher that has just started publishes a collection's events. It tries again as the
     * Watcher does: right after its creation a topic may not be there yet for all that is asked.
     */
    private static String topic(Namespace namespace) {
        return await().atMost(PATIENCE)
                .ignoreExceptionsMatching(e -> e.getCause() instanceof RetriableException)
                .until(
                        () -> new Topics(new KafkaAdmin(admin), SETTINGS).ensure(namespace).topic(),
                        topic -> true);
    }

    @Test
    @DisplayName(
            "3.1: of two collections whose topics would differ in . and _ only, which Kafka refuses, the second one"
                    + " gets a topic with a hash, and keeps it whatever becomes of the first one's")
    void keepsCollectionsApartThatKafkaWouldConfuse() throws Exception {
        var first = new Namespace("app", "logs_events");
        var second = new Namespace("app_logs", "events");
        assertThat(topic(first)).isEqualTo("cdc.app.logs_events");

        String hashed = topic(second);
        assertThat(hashed).startsWith("cdc.app_logs.events-");
        assertThat(topic(second)).isEqualTo(hashed);
        assertThat(topic(first)).isEqualTo("cdc.app.logs_events");

        admin.deleteTopics(List.of("cdc.app.logs_events")).all().get();
        await().atMost(PATIENCE)
                .until(() -> !admin.listTopics().names().get().contains("cdc.app.logs_events"));
        assertThat(topic(second)).isEqualTo(hashed);
    }

    @Test
    @DisplayName("3.1: a collection keeps the topic that has its exact name")
    void keepsTheExactName() {
        var orders = new Namespace("shop", "orders_v1");
        assertThat(topic(orders)).isEqualTo("cdc.shop.orders_v1");
        assertThat(topic(orders)).isEqualTo("cdc.shop.orders_v1");
    }
}
