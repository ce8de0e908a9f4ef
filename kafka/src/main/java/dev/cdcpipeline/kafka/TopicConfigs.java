package dev.cdcpipeline.kafka;

import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.TopicConfig;

import java.util.Objects;

/**
 * What Kafka says of a topic's configuration.
 *
 * @param maxMessageBytes the largest batch of records that the topic takes
 * @param minInSyncReplicas how many replicas must have a record before it is confirmed
 * @param isBare whether nobody has given the topic a configuration of its own
 */
public record TopicConfigs(int maxMessageBytes, int minInSyncReplicas, boolean isBare) {

    static TopicConfigs of(Config config) {
        return new TopicConfigs(
                number(config, TopicConfig.MAX_MESSAGE_BYTES_CONFIG),
                number(config, TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG),
                config.entries().stream()
                        .noneMatch(
                                entry ->
                                        entry.source()
                                                == ConfigEntry.ConfigSource.DYNAMIC_TOPIC_CONFIG));
    }

    private static int number(Config config, String name) {
        return Integer.parseInt(Objects.requireNonNull(config.get(name)).value());
    }
}
