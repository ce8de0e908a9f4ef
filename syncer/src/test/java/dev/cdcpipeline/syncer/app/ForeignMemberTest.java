package dev.cdcpipeline.syncer.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.cdcpipeline.platform.failure.Explained;
import dev.cdcpipeline.syncer.support.Database;
import dev.cdcpipeline.syncer.support.Feed;
import dev.cdcpipeline.syncer.support.RunningSyncer;
import dev.cdcpipeline.syncer.support.Servers;

import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.RangeAssignor;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Another program is in the consumer group. */
class ForeignMemberTest {
    private final Database database = new Database(Servers.postgres(), "foreign");

    @Test
    @DisplayName("case S17: members of another group protocol are told in a sentence")
    void anotherProtocolIsToldInASentence() throws Exception {
        try (var feed = new Feed(Servers.kafka(), "foreign.shop.orders", 1);
                var other =
                        new KafkaConsumer<>(
                                Map.<String, Object>of(
                                        "bootstrap.servers",
                                        Servers.kafka().bootstrapServers(),
                                        "group.id",
                                        "group-foreign",
                                        "partition.assignment.strategy",
                                        RangeAssignor.class.getName()),
                                new ByteArrayDeserializer(),
                                new ByteArrayDeserializer())) {
            other.subscribe(List.of(feed.topic()));
            await().atMost(Duration.ofSeconds(60))
                    .until(
                            () -> {
                                var _ = other.poll(Duration.ofMillis(100));
                                return !other.assignment().isEmpty();
                            });
            try (var syncer =
                    new RunningSyncer(
                            RunningSyncer.environment(Servers.kafka(), database, "foreign[.].*"))) {
                assertThat(syncer.failure())
                        .isInstanceOf(Explained.class)
                        .hasMessageContaining("consumer group")
                        .hasMessageContaining("syncer.kafka.group");
            }
        }
    }
}
