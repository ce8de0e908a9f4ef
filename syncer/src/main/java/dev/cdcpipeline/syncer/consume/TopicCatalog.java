package dev.cdcpipeline.syncer.consume;

import dev.cdcpipeline.syncer.plan.PartitionId;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;

/** What Kafka says of topics. Blocks; thread-safe. */
public final class TopicCatalog {
    private final Admin admin;
    private final Map<UUID, Integer> partitionCounts = new ConcurrentHashMap<>();

    /**
     * @param admin the client to ask with
     */
    public TopicCatalog(Admin admin) {
        this.admin = admin;
    }

    /**
     * What Kafka holds of a partition.
     *
     * @param id the partition
     * @param first the first offset that is still there
     * @param end the offset after the last record
     */
    record Extent(PartitionId id, long first, long end) {}

    /** What Kafka holds of the partitions. */
    Map<TopicPartition, Extent> extents(Collection<TopicPartition> partitions)
            throws InterruptedException, ExecutionException {
        Map<String, UUID> ids = topicIds(partitions);
        var first = offsets(partitions, OffsetSpec.earliest());
        var end = offsets(partitions, OffsetSpec.latest());
        var extents = new HashMap<TopicPartition, Extent>();
        for (TopicPartition partition : partitions) {
            UUID topicId = ids.get(partition.topic());
            if (topicId != null) {
                var id = new PartitionId(topicId, partition.topic(), partition.partition());
                extents.put(
                        partition,
                        new Extent(
                                id,
                                first.partitionResult(partition).get().offset(),
                                end.partitionResult(partition).get().offset()));
            }
        }
        return extents;
    }

    private Map<String, UUID> topicIds(Collection<TopicPartition> partitions)
            throws InterruptedException, ExecutionException {
        Set<String> topics =
                partitions.stream().map(TopicPartition::topic).collect(Collectors.toSet());
        var ids = new HashMap<String, UUID>();
        for (TopicDescription topic : admin.describeTopics(topics).allTopicNames().get().values()) {
            UUID id = uuid(topic.topicId());
            partitionCounts.put(id, topic.partitions().size());
            ids.put(topic.name(), id);
        }
        return ids;
    }

    private ListOffsetsResult offsets(Collection<TopicPartition> partitions, OffsetSpec spec) {
        return admin.listOffsets(
                partitions.stream().collect(Collectors.toMap(each -> each, each -> spec)));
    }

    private static UUID uuid(Uuid id) {
        return new UUID(id.getMostSignificantBits(), id.getLeastSignificantBits());
    }

    /** How many partitions a topic that was looked at had then; 2^31-1 for any other. */
    public int partitions(UUID topicId) {
        return partitionCounts.getOrDefault(topicId, Integer.MAX_VALUE);
    }
}
