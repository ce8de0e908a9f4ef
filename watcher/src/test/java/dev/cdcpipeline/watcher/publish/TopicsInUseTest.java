package dev.cdcpipeline.watcher.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.cdcpipeline.embedded.KafkaBroker;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.TopicConfig;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;

class TopicsInUseTest {
    private static final KafkaBroker broker = KafkaBroker.start();
    private static final Admin admin =
            Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
    private static final Node ONE = new Node(1, "one", 9092);
    private static final Node TWO = new Node(2, "two", 9092);

    private final TopicsInUse topics = new TopicsInUse(admin);

    @AfterAll
    static void stop() {
        try (broker;
                admin) {
            // Closed in reverse order.
        }
    }

    private static void create(String topic) throws Exception {
        var made = new NewTopic(topic, 2, (short) 1);
        admin.createTopics(
                        List.of(made.configs(Map.of(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, "2"))))
                .all()
                .get();
        await().atMost(Duration.ofSeconds(30))
                .ignoreExceptions()
                .until(() -> describe(topic).partitions().size() == 2);
    }

    private static TopicDescription describe(String topic) throws Exception {
        return Objects.requireNonNull(
                admin.describeTopics(List.of(topic)).allTopicNames().get().get(topic));
    }

    private static TopicDescription topic(Node leader, List<Node> inSync) {
        var partition = new TopicPartitionInfo(3, leader, List.of(ONE, TWO), inSync);
        return new TopicDescription("troubled", false, List.of(partition), null, Uuid.randomUuid());
    }

    @Test
    @DisplayName("case W5: what keeps Kafka from confirming is named, as far as it can be seen")
    void namesWhatCanBeSeen() throws Exception {
        create("troubled");
        assertThat(topics.trouble(List.of(topic(Node.noNode(), List.of(ONE)))))
                .isEqualTo("partition 3 of troubled has no leader");
        assertThat(topics.trouble(List.of(topic(ONE, List.of(ONE)))))
                .contains("partition 3 of troubled", "in sync: 1", "min.insync.replicas is 2");
        assertThat(topics.trouble(List.of(topic(ONE, List.of(ONE, TWO))))).isNull();
    }

    @Test
    @DisplayName("case W5: a topic that is the same is no news; one that is gone, or another, is")
    void tellsATopicFromAnother() throws Exception {
        create("first");
        create("second");
        topics.add(describe("first"));
        topics.add(describe("second"));
        assertThat(topics.requireUnchanged()).hasSize(2);

        admin.deleteTopics(List.of("first")).all().get();
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(
                        () ->
                                assertThatThrownBy(topics::requireUnchanged)
                                        .isInstanceOf(TopicChangedException.class)
                                        .hasMessage("the topic first was deleted"));
        await().atMost(Duration.ofSeconds(30)).ignoreExceptions().until(() -> created("first"));
        assertThatThrownBy(topics::requireUnchanged)
                .hasMessage("the topic first was deleted and created anew");

        topics.clear();
        assertThat(topics.requireUnchanged()).isEmpty();
    }

    private static boolean created(String topic) throws Exception {
        create(topic);
        return true;
    }
}
