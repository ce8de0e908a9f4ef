package dev.cdcpipeline.watcher.publish;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthorizationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.List;
import java.util.Map;
import java.util.Objects;
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

    private final Admin admin;
    private final TopicSettings settings;

    /** By name, the last identifier of every topic that this process has used. */
    private final Map<String, Uuid> ids = new ConcurrentHashMap<>();

    RecreatedTopics(Admin admin, TopicSettings settings) {
        this.admin = admin;
        this.settings = settings;
    }

    /** The topic was just created by this Watcher: the next one of this name is no surprise. */
    void isOurs(String topic) {
        ids.remove(topic);
    }

    /** Returns whether this name had another topic the last time. */
    boolean isAnother(TopicDescription found) {
        Uuid before = ids.put(found.name(), found.topicId());
        return before != null && !before.equals(found.topicId());
    }

    /**
     * Says in the log that the topic is another one, and gives it partitions and limits if nobody
     * else did.
     *
     * @return whether it was altered
     * @throws ExecutionException with Kafka's exception as its cause
     */
    boolean shape(TopicDescription found) throws ExecutionException, InterruptedException {
        int partitions = found.partitions().size();
        LOG.atWarn()
                .addKeyValue("topic", found.name())
                .log(
                        "the topic was deleted and created anew by another client, with {} partitions; what was not read"
                                + " of the old one is lost",
                        partitions);
        try {
            if (!isBare(found.name())) {
                return false;
            }
            addPartitions(found.name(), partitions);
            setLargestRecord(found.name());
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

    /** Whether nobody has given the topic a configuration of its own. */
    private boolean isBare(String topic) throws ExecutionException, InterruptedException {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        return Objects.requireNonNull(
                        admin.describeConfigs(List.of(resource)).all().get().get(resource))
                .entries()
                .stream()
                .noneMatch(
                        entry -> entry.source() == ConfigEntry.ConfigSource.DYNAMIC_TOPIC_CONFIG);
    }

    private void addPartitions(String topic, int partitions)
            throws ExecutionException, InterruptedException {
        if (partitions < settings.partitions()) {
            admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(settings.partitions())))
                    .all()
                    .get();
            LOG.atInfo()
                    .addKeyValue("topic", topic)
                    .log("the topic has {} partitions from now on", settings.partitions());
        }
    }

    private void setLargestRecord(String topic) throws ExecutionException, InterruptedException {
        var largest =
                new ConfigEntry(
                        TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
                        Integer.toString(settings.maxMessageBytes()));
        var resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        admin.incrementalAlterConfigs(
                        Map.of(
                                resource,
                                List.of(new AlterConfigOp(largest, AlterConfigOp.OpType.SET))))
                .all()
                .get();
    }
}
