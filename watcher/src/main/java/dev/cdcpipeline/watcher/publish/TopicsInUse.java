package dev.cdcpipeline.watcher.publish;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;

/**
 * The topics that a session publishes to, as they were when it began with them. Kafka's producer
 * goes on with a topic that was created anew under its name as if nothing had happened, and waits
 * without end, and without a word, for one that is gone. Thread-safe.
 */
final class TopicsInUse {
    private static final int ASK_MILLIS = 5_000;

    private final Admin admin;
    private final Map<String, Known> topics = new ConcurrentHashMap<>();

    /** What is remembered of a topic. */
    private record Known(Uuid id, int partitions) {}

    TopicsInUse(Admin admin) {
        this.admin = admin;
    }

    /** A session publishes to this topic from now on. */
    void add(TopicDescription topic) {
        topics.put(topic.name(), new Known(topic.topicId(), topic.partitions().size()));
    }

    /** A session has ended. */
    void clear() {
        topics.clear();
    }

    /**
     * Asks Kafka whether all topics are still the same.
     *
     * @return what Kafka says of them now
     * @throws TopicChangedException if one is not
     * @throws ExecutionException with Kafka's exception as its cause, when it cannot tell
     */
    List<TopicDescription> requireUnchanged() throws ExecutionException, InterruptedException {
        Map<String, Known> before = Map.copyOf(topics);
        List<TopicDescription> now = new ArrayList<>();
        var asked =
                admin.describeTopics(
                        before.keySet(), new DescribeTopicsOptions().timeoutMs(ASK_MILLIS));
        for (Map.Entry<String, KafkaFuture<TopicDescription>> each :
                asked.topicNameValues().entrySet()) {
            TopicDescription found = found(each.getValue());
            String change = change(before.get(each.getKey()), found);
            if (change != null) {
                throw new TopicChangedException("the topic " + each.getKey() + " " + change);
            }
            if (found != null) {
                now.add(found);
            }
        }
        return now;
    }

    private static @Nullable TopicDescription found(KafkaFuture<TopicDescription> answer)
            throws ExecutionException, InterruptedException {
        try {
            return answer.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                return null;
            }
            throw e;
        }
    }

    private static @Nullable String change(@Nullable Known before, @Nullable TopicDescription now) {
        if (before == null) {
            return null;
        }
        if (now == null) {
            return "was deleted";
        }
        if (!now.topicId().equals(before.id())) {
            return "was deleted and created anew";
        }
        int partitions = now.partitions().size();
        return partitions == before.partitions()
                ? null
                : "has " + partitions + " partitions now and had " + before.partitions();
    }

    /**
     * Why Kafka may confirm nothing, as far as can be seen from outside; null when all looks well.
     *
     * @param now what it says of the topics
     */
    @Nullable String trouble(List<TopicDescription> now) throws InterruptedException {
        Map<String, Integer> needed = neededReplicas(now);
        for (TopicDescription topic : now) {
            for (TopicPartitionInfo partition : topic.partitions()) {
                String place = "partition " + partition.partition() + " of " + topic.name();
                if (partition.leader() == null || partition.leader().isEmpty()) {
                    return place + " has no leader";
                }
                int inSync = partition.isr().size();
                // Brokers do not ask for more than there are.
                int least =
                        Math.min(needed.getOrDefault(topic.name(), 1), partition.replicas().size());
                if (inSync < least) {
                    return "%s has replicas in sync: %d, and min.insync.replicas is %d"
                            .formatted(place, inSync, least);
                }
            }
        }
        return null;
    }

    /** As far as the account may read it. */
    private Map<String, Integer> neededReplicas(List<TopicDescription> now)
            throws InterruptedException {
        List<ConfigResource> asked =
                now.stream()
                        .map(topic -> new ConfigResource(ConfigResource.Type.TOPIC, topic.name()))
                        .toList();
        Map<String, Integer> needed = new HashMap<>();
        try {
            for (Map.Entry<ConfigResource, Config> each :
                    admin.describeConfigs(asked).all().get().entrySet()) {
                String value = each.getValue().get(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG).value();
                needed.put(each.getKey().name(), Integer.parseInt(value));
            }
        } catch (ExecutionException unknown) {
            // What is not known cannot be named.
        }
        return needed;
    }
}
