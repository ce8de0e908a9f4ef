package dev.cdcpipeline.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;
import static org.awaitility.Awaitility.await;

import dev.cdcpipeline.embedded.KafkaBroker;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

class TopicAdminTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static KafkaBroker broker;
    private static KafkaAdmin kafka;
    private static TopicAdmin topics;

    @BeforeAll
    static void start() {
        broker = KafkaBroker.start();
        kafka =
                new KafkaAdmin(
                        Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers())));
        topics = kafka.topics();
    }

    @AfterAll
    static void stop() {
        kafka.close();
        broker.close();
    }

    private static NewTopicSpec two(String name) {
        return new NewTopicSpec(
                name, OptionalInt.of(2), OptionalInt.of(1), OptionalInt.of(2_000_000));
    }

    private static Topic created(String name) throws Exception {
        topics.create(two(name));
        return await().atMost(PATIENCE).ignoreExceptions().until(() -> served(name), _ -> true);
    }

    private static Topic served(String name) throws Exception {
        Topic topic = topics.requireCreated(name);
        topics.requireLeaders(topic);
        return topic;
    }

    @Test
    @DisplayName("3.1: a topic is created once, with what was asked, whoever is first")
    void createsOnce() throws Exception {
        assertThat(topics.tryCreate(two("admin.once"))).isTrue();
        assertThat(topics.names()).doesNotContain("admin.once");
        assertThat(topics.create(two("admin.once"))).isTrue();
        assertThat(topics.create(two("admin.once"))).isFalse();
        assertThat(topics.tryCreate(two("admin.once"))).isFalse();

        Topic topic = created("admin.once");
        assertThat(topic.partitions())
                .extracting(Topic.Partition::number, Topic.Partition::hasLeader)
                .containsExactly(tuple(0, true), tuple(1, true));
        TopicConfigs configs = topics.configs("admin.once");
        assertThat(configs.maxMessageBytes()).isEqualTo(2_000_000);
        assertThat(configs.isBare()).isFalse();
    }

    @Test
    @DisplayName(
            "One that is not there is absent, one just created and not there yet is tried again")
    void tellsWhatIsNotThere() throws Exception {
        Topic there = created("admin.there");
        assertThat(topics.find("admin.nowhere")).isEmpty();
        assertThat(topics.ask(Set.of("admin.there", "admin.nowhere")))
                .containsEntry("admin.there", new TopicAnswer.Found(there))
                .containsEntry("admin.nowhere", new TopicAnswer.Absent());
        assertThatThrownBy(() -> topics.requireCreated("admin.nowhere"))
                .hasCauseInstanceOf(UnknownTopicOrPartitionException.class);
    }

    @Test
    @DisplayName("I5: an empty log begins and ends at 0, and every partition is measured")
    void measuresWhatIsKnown() throws Exception {
        List<TopicPartition> there = created("admin.measured").topicPartitions();
        LogExtents all = topics.extents(there);
        assertThat(all.known()).containsOnlyKeys(there);
        assertThat(all.known().values()).containsOnly(new LogExtents.LogExtent(0, 0));
        assertThat(all.failure()).isNull();
        assertThat(topics.ends(there, PATIENCE)).containsOnlyKeys(there);
    }

    @Test
    @DisplayName("A group that has never been there is none")
    void tellsANewGroup() throws Exception {
        assertThat(kafka.groups().find("admin-no-such-group")).isEmpty();
        assertThat(kafka.brokers(PATIENCE)).isOne();
    }
}
