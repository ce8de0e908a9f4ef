package dev.cdcpipeline.watcher.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.cdcpipeline.embedded.KafkaBroker;
import dev.cdcpipeline.kafka.KafkaAdmin;
import dev.cdcpipeline.kafka.Topic;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;

class TopicsInUseTest {
    private static final KafkaBroker broker = KafkaBroker.start();
    private static final Admin admin =
            Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));

    private final TopicsInUse topics = new TopicsInUse(new KafkaAdmin(admin).topics());

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

    private static Topic describe(String topic) throws Exception {
        return new KafkaAdmin(admin).topics().find(topic).orElseThrow();
    }

    private static Topic topic(boolean hasLeader, int inSync) {
        var partition = new Topic.Partition(3, hasLeader, inSync, 2);
        return new Topic("troubled", UUID.randomUUID(), List.of(partition), null);
    }

    @Test
    @DisplayName("case W5: what keeps Kafka from confirming is named, as far as it can be seen")
    void namesWhatCanBeSeen() throws Exception {
        create("troubled");
        assertThat(topics.trouble(List.of(topic(false, 1))))
                .isEqualTo("partition 3 of troubled has no leader");
        assertThat(topics.trouble(List.of(topic(true, 1))))
                .contains("partition 3 of troubled", "in sync: 1", "min.insync.replicas is 2");
        assertThat(topics.trouble(List.of(topic(true, 2)))).isNull();
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
