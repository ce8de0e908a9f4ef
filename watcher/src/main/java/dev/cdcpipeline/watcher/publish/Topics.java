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
import org.apache.kafka.common.errors.TopicAuthorizationException;
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
     * Makes the topic if it is missing, and says in the log when an existing one takes smaller
     * records than configured.
     *
     * @return how many partitions it has
     * @throws ExecutionException with Kafka's exception as its cause
     */
    int ensure(String topic) throws ExecutionException, InterruptedException {
        Optional<TopicDescription> existing = describe(topic);
        if (existing.isPresent()) {
            warnWhenTooSmall(topic);
            return lead(existing.get());
        }
        create(topic);
        return lead(
                describe(topic)
                        .orElseThrow(
                                () ->
                                        new ExecutionException(
                                                new UnknownTopicOrPartitionException(
                                                        "the topic "
                                                                + topic
                                                                + " was just created and is not"
                                                                + " there yet"))));
    }

    /**
     * Waits until every partition's leader serves it, and returns how many there are.
     *
     * <p>A broker that learns only now that it leads a new partition refuses the producer's first
     * batch and may accept the second one, already on its way: knowing nothing of the producer, it
     * takes any sequence number. The first batch would then be out of order for ever (I1).
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

    private void warnWhenTooSmall(String topic) throws ExecutionException, InterruptedException {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        try {
            Config config =
                    Objects.requireNonNull(
                            admin.describeConfigs(List.of(resource)).all().get().get(resource));
            String value = config.get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG).value();
            warnWhenTooSmall(topic, Integer.parseInt(value));
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicAuthorizationException)) {
                throw e;
            }
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
