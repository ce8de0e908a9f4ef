package dev.cdcpipeline.syncer.plan;

import java.util.UUID;

/**
 * A partition of a topic that cannot be mistaken for one of a topic created later under the same
 * name.
 *
 * @param topicId Kafka's identifier of the topic
 * @param topic the topic's name, for people
 * @param partition the partition's number
 */
public record PartitionId(UUID topicId, String topic, int partition) {

    /** {@code topic-partition}, as Kafka's tools write it. */
    @Override
    public String toString() {
        return topic + "-" + partition;
    }
}
