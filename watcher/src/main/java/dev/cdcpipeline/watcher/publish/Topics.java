package dev.cdcpipeline.watcher.publish;

import dev.cdcpipeline.model.Namespace;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;

/** Topics of Kafka: one for each collection, made when it is missing. Thread-safe. */
public final class Topics {
    private static final Logger LOG = LoggerFactory.getLogger(Topics.class);

    private static final int KAFKA_DEFAULT_MAX_MESSAGE_BYTES = 1_048_588;

    private final Admin admin;
    private final TopicSettings settings;

    /** Topics as seen by an admin client, which the caller closes. */
    public Topics(Admin admin, TopicSettings settings) {
        this.admin = admin;
        this.settings = settings;
    }

    /** The name of a collection's topic. */
    String name(Namespace namespace) {
        return TopicName.of(settings.prefix(), namespace);
    }

    /**
     * Makes a collection's topic if it is missing, and says in the log when an existing one takes
     * smaller records than configured.
     *
     * @throws ExecutionException with Kafka's exception as its cause
     */
    Route ensure(Namespace namespace) throws ExecutionException, InterruptedException {
        return ensure(name(namespace));
    }

    /** Makes a topic if it is missing. */
    Route ensure(String topic) throws ExecutionException, InterruptedException {
        if (describe(topic).isEmpty()) {
            create(topic);
        }
        TopicDescription found =
                describe(topic)
                        .orElseThrow(
                                () ->
                                        new ExecutionException(
                                                new UnknownTopicOrPartitionException(
                                                        "the topic "
                                                                + topic
                                                                + " was just created and is not"
                                                                + " there yet")));
        int partitions = lead(found);
        int allowed = maxMessageBytes(topic);
        warnWhenTooSmall(topic, allowed);
        return new Route(topic, partitions, allowed);
    }

    /**
     * Waits until every partition's leader serves it, and returns how many there are. A broker that
     * learns only now that it leads a new partition would refuse the first records.
     */
    private int lead(TopicDescription topic) throws ExecutionException, InterruptedException {
        Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
        topic.partitions()
                .forEach(
                        each ->
                                latest.put(
                                        new TopicPartition(topic.name(), each.partition()),
                                        OffsetSpec.latest()));
        admin.listOffsets(latest).all().get();
        return latest.size();
    }

    private Optional<TopicDescription> describe(String topic)
            throws ExecutionException, InterruptedException {
        try {
            return Optional.ofNullable(
                    admin.describeTopics(List.of(topic)).allTopicNames().get().get(topic));
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private void create(String topic) throws ExecutionException, InterruptedException {
        NewTopic wanted =
                new NewTopic(
                                topic,
                                Optional.of(settings.partitions()),
                                settings.replication() == 0
                                        ? Optional.empty()
                                        : Optional.of((short) settings.replication()))
                        .configs(
                                Map.of(
                                        TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
                                        Integer.toString(settings.maxMessageBytes())));
        try {
            admin.createTopics(List.of(wanted)).all().get();
            LOG.atInfo()
                    .addKeyValue("topic", topic)
                    .log("topic created with {} partitions", settings.partitions());
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw e;
            }
        }
    }

    /** Kafka's default when the account may not read the topic's configuration. */
    private int maxMessageBytes(String topic) throws ExecutionException, InterruptedException {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        try {
            Config config =
                    Objects.requireNonNull(
                            admin.describeConfigs(List.of(resource)).all().get().get(resource));
            return Integer.parseInt(config.get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG).value());
        } catch (ExecutionException e) {
            if (e.getCause() instanceof AuthorizationException) {
                return KAFKA_DEFAULT_MAX_MESSAGE_BYTES;
            }
            throw e;
        }
    }

    private void warnWhenTooSmall(String topic, int allowed) {
        if (allowed < settings.maxMessageBytes()) {
            LOG.atWarn()
                    .addKeyValue("topic", topic)
                    .log(
                            "the topic takes records of up to {} bytes only, a large document will"
                                    + " not fit: raise its max.message.bytes to {}"
                                    + " (watcher.topic.max-message-bytes)",
                            allowed,
                            settings.maxMessageBytes());
        }
    }
}
