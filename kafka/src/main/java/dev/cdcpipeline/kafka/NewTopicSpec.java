package dev.cdcpipeline.kafka;

import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A topic to create; what is empty is the cluster's default.
 *
 * @param name its name
 * @param partitions how many partitions it gets
 * @param replication how many replicas each partition gets
 * @param maxMessageBytes the largest batch of records that it takes
 */
public record NewTopicSpec(
        String name, OptionalInt partitions, OptionalInt replication, OptionalInt maxMessageBytes) {

    /** Returns a topic with the cluster's defaults. */
    public static NewTopicSpec ofDefaults(String name) {
        return new NewTopicSpec(
                name, OptionalInt.empty(), OptionalInt.empty(), OptionalInt.empty());
    }

    /** Returns the same topic with a limit on records. */
    public NewTopicSpec withMaxMessageBytes(int bytes) {
        return new NewTopicSpec(name, partitions, replication, OptionalInt.of(bytes));
    }

    NewTopic topic() {
        var topic =
                new NewTopic(
                        name,
                        partitions.isPresent()
                                ? Optional.of(partitions.getAsInt())
                                : Optional.empty(),
                        replication.isPresent()
                                ? Optional.of((short) replication.getAsInt())
                                : Optional.empty());
        return maxMessageBytes.isPresent()
                ? topic.configs(
                        Map.of(
                                TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
                                Integer.toString(maxMessageBytes.getAsInt())))
                : topic;
    }
}
