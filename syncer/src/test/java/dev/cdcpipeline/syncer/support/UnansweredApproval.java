package dev.cdcpipeline.syncer.support;

import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.server.policy.CreateTopicPolicy;

import java.util.Map;

/**
 * A broker's rule that new topics for large dead letters need an approval, which nobody gives. A
 * client is told to try again.
 */
public final class UnansweredApproval implements CreateTopicPolicy {
    private static final long LARGE = 1 << 20;

    /** Made by the broker. */
    public UnansweredApproval() {}

    /** The setting of a broker that has this rule. */
    public static Map<String, String> setting() {
        return Map.of("create.topic.policy.class.name", UnansweredApproval.class.getName());
    }

    @Override
    public void validate(RequestMetadata topic) {
        String bytes = topic.configs().getOrDefault(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, "0");
        if (topic.topic().endsWith(".letters") && Long.parseLong(bytes) > LARGE) {
            throw new TimeoutException("nobody has approved " + topic.topic());
        }
    }

    @Override
    public void configure(Map<String, ?> settings) {}

    @Override
    public void close() {}
}
