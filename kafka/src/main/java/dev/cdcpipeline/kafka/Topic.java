package dev.cdcpipeline.kafka;

import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.acl.AclOperation;
import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * A topic as Kafka describes it.
 *
 * @param name its name
 * @param id Kafka's identifier, another one when the topic is created anew
 * @param partitions its partitions
 * @param allowed what this login may do with it; null if Kafka was not asked or does not say
 */
public record Topic(
        String name, UUID id, List<Partition> partitions, @Nullable Set<AclOperation> allowed) {

    /**
     * A partition of a topic.
     *
     * @param number its number
     * @param hasLeader whether a broker leads it now
     * @param inSync how many replicas are in sync
     * @param replicas how many replicas it has
     */
    public record Partition(int number, boolean hasLeader, int inSync, int replicas) {

        private static Partition of(TopicPartitionInfo described) {
            return new Partition(
                    described.partition(),
                    described.leader() != null && !described.leader().isEmpty(),
                    described.isr().size(),
                    described.replicas().size());
        }
    }

    static Topic of(TopicDescription described) {
        return new Topic(
                described.name(),
                new UUID(
                        described.topicId().getMostSignificantBits(),
                        described.topicId().getLeastSignificantBits()),
                described.partitions().stream().map(Partition::of).toList(),
                described.authorizedOperations());
    }

    /** Returns the partitions as Kafka's clients name them. */
    public List<TopicPartition> topicPartitions() {
        return partitions.stream().map(each -> new TopicPartition(name, each.number())).toList();
    }

    /** Returns those of the operations that this login may not do, as far as Kafka says. */
    public List<AclOperation> missing(List<AclOperation> needed) {
        return allowed == null
                ? List.of()
                : needed.stream().filter(each -> !allowed.contains(each)).toList();
    }
}
