package dev.cdcpipeline.syncer.support;

import dev.cdcpipeline.embedded.KafkaBroker;
import dev.cdcpipeline.kafka.ApplierClients;

import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A member of a consumer group that takes its share of a topic and then polls no more: the next
 * rebalance is under way until it leaves. Belongs to one thread.
 */
public final class Dawdler implements AutoCloseable {
    private final KafkaConsumer<byte[], byte[]> consumer;

    /** Joins, and returns when it has so many partitions. */
    public Dawdler(KafkaBroker broker, String group, String topic, int share) {
        this.consumer =
                new KafkaConsumer<>(
                        Map.of(
                                "bootstrap.servers",
                                broker.bootstrapServers(),
                                "group.id",
                                group,
                                "client.id",
                                group + ApplierClients.MEMBER_MARK,
                                "enable.auto.commit",
                                false,
                                "partition.assignment.strategy",
                                CooperativeStickyAssignor.class.getName()),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer());
        consumer.subscribe(List.of(topic));
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (consumer.assignment().size() != share) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("it has " + consumer.assignment());
            }
            consumer.poll(Duration.ofMillis(100));
        }
    }

    /** The partitions that it has. */
    public Set<Integer> partitions() {
        return consumer.assignment().stream()
                .map(TopicPartition::partition)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Leaves the group; the rebalance comes to its end. */
    public void leave() {
        consumer.close();
    }

    @Override
    public void close() {
        consumer.close();
    }
}
