package dev.cdcpipeline.watcher.publish;

import dev.cdcpipeline.kafka.Topic;
import dev.cdcpipeline.kafka.TopicAdmin;

import org.apache.kafka.common.errors.AuthorizationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;

/**
 * Topics that were deleted and created anew behind this Watcher's back. Where such a one has no
 * configuration of its own, Kafka has made it at the request of a client
 * (auto.create.topics.enable), most likely of our producer: it gets what a topic of ours has. The
 * records in it are published again since the durable position, so that more partitions harm no
 * order. Thread-safe.
 */
final class RecreatedTopics {
    private static final Logger LOG = LoggerFactory.getLogger(RecreatedTopics.class);

    private final TopicAdmin admin;
    private final TopicSettings settings;

    /** By name, the last identifier of every topic that this process has used. */
    private final Map<String, UUID> ids = new ConcurrentHashMap<>();

    RecreatedTopics(TopicAdmin admin, TopicSettings settings) {
        this.admin = admin;
        this.settings = settings;
    }

    /** The topic was just created by this Watcher: the next one of this name is no surprise. */
    void isOurs(String topic) {
        ids.remove(topic);
    }

    /** Returns whether this name had another topic the last time. */
    boolean isAnother(Topic found) {
        UUID before = ids.put(found.name(), found.id());
        return before != null && !before.equals(found.id());
    }

    /**
     * Says in the log that the topic is another one, and gives it partitions and limits if nobody
     * else did.
     *
     * @return whether it was altered
     * @throws ExecutionException with Kafka's exception as its cause
     */
    boolean shape(Topic found) throws ExecutionException, InterruptedException {
        int partitions = found.partitions().size();
        LOG.atWarn()
                .addKeyValue("topic", found.name())
                .log(
                        "the topic was deleted and created anew by another client, with {} partitions; what was not read"
                                + " of the old one is lost",
                        partitions);
        try {
            if (!admin.configs(found.name()).isBare()) {
                return false;
            }
            addPartitions(found.name(), partitions);
            admin.setMaxMessageBytes(found.name(), settings.maxMessageBytes());
            return true;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof AuthorizationException refused) {
                LOG.atWarn()
                        .addKeyValue("topic", found.name())
                        .log(
                                "the topic stays as it is, as the account may not alter it ({}): give it {} partitions"
                                        + " and max.message.bytes={}",
                                refused.toString(),
                                settings.partitions(),
                                settings.maxMessageBytes());
                return false;
            }
            throw e;
        }
    }

    private void addPartitions(String topic, int partitions)
            throws ExecutionException, InterruptedException {
        if (partitions < settings.partitions()) {
            admin.addPartitions(topic, settings.partitions());
            LOG.atInfo()
                    .addKeyValue("topic", topic)
                    .log("the topic has {} partitions from now on", settings.partitions());
        }
    }
}
