package dev.cdcpipeline.watcher.publish;

import dev.cdcpipeline.kafka.Topic;
import dev.cdcpipeline.kafka.TopicAdmin;
import dev.cdcpipeline.kafka.TopicAnswer;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;

/**
 * The topics that a session publishes to, as they were when it began with them. Kafka's producer
 * goes on with a topic that was created anew under its name as if nothing had happened, and waits
 * without end, and without a word, for one that is gone. Thread-safe.
 */
final class TopicsInUse {
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(5);

    private final TopicAdmin admin;
    private final Map<String, Known> topics = new ConcurrentHashMap<>();

    /** What is remembered of a topic. */
    private record Known(UUID id, int partitions) {}

    TopicsInUse(TopicAdmin admin) {
        this.admin = admin;
    }

    /** A session publishes to this topic from now on. */
    void add(Topic topic) {
        topics.put(topic.name(), new Known(topic.id(), topic.partitions().size()));
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
    List<Topic> requireUnchanged() throws ExecutionException, InterruptedException {
        Map<String, Known> before = Map.copyOf(topics);
        List<Topic> now = new ArrayList<>();
        for (Map.Entry<String, TopicAnswer> each :
                admin.ask(before.keySet(), ANSWER_LIMIT).entrySet()) {
            Topic found = each.getValue().known().orElse(null);
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

    private static @Nullable String change(@Nullable Known before, @Nullable Topic now) {
        if (before == null) {
            return null;
        }
        if (now == null) {
            return "was deleted";
        }
        if (!now.id().equals(before.id())) {
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
    @Nullable String trouble(List<Topic> now) throws InterruptedException {
        Map<String, Integer> needed = neededReplicas(now);
        for (Topic topic : now) {
            for (Topic.Partition partition : topic.partitions()) {
                String place = "partition " + partition.number() + " of " + topic.name();
                if (!partition.hasLeader()) {
                    return place + " has no leader";
                }
                int inSync = partition.inSync();
                // Brokers do not ask for more than there are.
                int least = Math.min(needed.getOrDefault(topic.name(), 1), partition.replicas());
                if (inSync < least) {
                    return "%s has replicas in sync: %d, and min.insync.replicas is %d"
                            .formatted(place, inSync, least);
                }
            }
        }
        return null;
    }

    /** As far as the account may read it. */
    private Map<String, Integer> neededReplicas(List<Topic> now) throws InterruptedException {
        Map<String, Integer> needed = new HashMap<>();
        try {
            admin.configs(now.stream().map(Topic::name).toList())
                    .forEach((topic, configs) -> needed.put(topic, configs.minInSyncReplicas()));
        } catch (ExecutionException unknown) {
            // What is not known cannot be named.
        }
        return needed;
    }
}
