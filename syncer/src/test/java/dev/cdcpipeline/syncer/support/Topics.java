package dev.cdcpipeline.syncer.support;

import static org.awaitility.Awaitility.await;

import dev.cdcpipeline.embedded.KafkaBroker;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.TopicPartition;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What operators do to topics. */
public final class Topics implements AutoCloseable {
    private static final Duration LONG = Duration.ofSeconds(60);

    private final KafkaBroker broker;
    private final Admin admin;

    /** The topics of a broker. */
    public Topics(KafkaBroker broker) {
        this.broker = broker;
        this.admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
    }

    /** Creates a topic of one partition that takes records of so many bytes. */
    public void create(String topic, int maxMessageBytes) {
        broker.createTopics(
                new NewTopic(topic, Optional.of(1), Optional.of((short) 1))
                        .configs(Map.of("max.message.bytes", Integer.toString(maxMessageBytes))));
    }

    /** The offset after the last record of a topic's first partition. */
    public long end(String topic) throws Exception {
        return end(topic, 0);
    }

    /** The offset after the last record of a partition. */
    public long end(String topic, int partition) throws Exception {
        var id = new TopicPartition(topic, partition);
        return admin.listOffsets(Map.of(id, OffsetSpec.latest()))
                .partitionResult(id)
                .get()
                .offset();
    }

    /** Deletes the records of a partition before an offset. */
    public void deleteRecordsBefore(String topic, int partition, long offset) throws Exception {
        var id = new TopicPartition(topic, partition);
        admin.deleteRecords(Map.of(id, RecordsToDelete.beforeOffset(offset))).all().get();
        await().atMost(LONG)
                .until(
                        () ->
                                admin.listOffsets(Map.of(id, OffsetSpec.earliest()))
                                                .partitionResult(id)
                                                .get()
                                                .offset()
                                        == offset);
    }

    /** Deletes a topic, and waits until it is gone. */
    public void delete(String topic) throws Exception {
        admin.deleteTopics(List.of(topic)).all().get();
        await().atMost(LONG).until(() -> !admin.listTopics().names().get().contains(topic));
    }

    /** Gives a topic more partitions. */
    public void growTo(String topic, int partitions) throws Exception {
        admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(partitions))).all().get();
    }

    /** The offsets that a group has committed, by {@code topic-partition}. */
    public Map<String, String> committed(String group) throws Exception {
        var offsets = new HashMap<String, String>();
        admin.listConsumerGroupOffsets(group)
                .partitionsToOffsetAndMetadata()
                .get()
                .forEach(
                        (partition, offset) ->
                                offsets.put(partition.toString(), Long.toString(offset.offset())));
        return offsets;
    }

    /** Whether a group waits for its members to share the partitions out anew. */
    public boolean isRebalancing(String group) throws Exception {
        var description = admin.describeConsumerGroups(List.of(group)).describedGroups();
        return description.values().iterator().next().get().groupState()
                == GroupState.PREPARING_REBALANCE;
    }

    @Override
    public void close() {
        admin.close();
    }
}
