package dev.cdcpipeline.watcher.publish;

import dev.cdcpipeline.kafka.TopicName;
import dev.cdcpipeline.model.Namespace;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.function.Predicate;

/** Topics of Kafka: one for each collection, made when it is missing. Thread-safe. */
public final class Topics {
    private static final Logger LOG = LoggerFactory.getLogger(Topics.class);

    private static final int ASK_MILLIS = 5_000;
    private static final int KAFKA_DEFAULT_MAX_MESSAGE_BYTES = 1_048_588;

    private final Admin admin;
    private final TopicSettings settings;
    private final Set<String> warned = ConcurrentHashMap.newKeySet();
    private final TopicsInUse inUse;
    private final RecreatedTopics recreated;

    /** Topics as seen by an admin client, which the caller closes. */
    public Topics(Admin admin, TopicSettings settings) {
        this.admin = admin;
        this.settings = settings;
        this.inUse = new TopicsInUse(admin);
        this.recreated = new RecreatedTopics(admin, settings);
    }

    /** A new session begins, which knows no topic yet. */
    public void forget() {
        inUse.clear();
    }

    /** What Kafka says of the topics of the session, as long as they are the same. */
    List<TopicDescription> requireUnchanged() throws ExecutionException, InterruptedException {
        return inUse.requireUnchanged();
    }

    /** Why Kafka may confirm nothing; null when all looks well. */
    @Nullable String trouble(List<TopicDescription> now) throws InterruptedException {
        return inUse.trouble(now);
    }

    /**
     * Asks Kafka for any answer.
     *
     * @throws ExecutionException with Kafka's exception as its cause
     */
    public void ask() throws ExecutionException, InterruptedException {
        admin.describeCluster(new DescribeClusterOptions().timeoutMs(ASK_MILLIS)).nodes().get();
    }

    /**
     * Makes a collection's topic if it is missing, and says in the log when an existing one takes
     * smaller records than configured.
     *
     * <p>Where Kafka refuses the plain name, because it differs from an existing topic's only in
     * {@code .} and {@code _}, the topic gets the name with a hash. As long as that one is there
     * and the plain one is not, it stays the collection's topic.
     *
     * @throws ExecutionException with Kafka's exception as its cause
     */
    Route ensure(Namespace namespace) throws ExecutionException, InterruptedException {
        String plain = TopicName.of(settings.prefix(), namespace);
        String hashed = TopicName.hashed(settings.prefix(), namespace);
        Optional<TopicDescription> found = describe(plain);
        if (found.isPresent()) {
            return route(found.get());
        }
        if (admin.listTopics().names().get().contains(hashed)) {
            return ensure(hashed);
        }
        try {
            return route(create(plain));
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof InvalidTopicException refused) || plain.equals(hashed)) {
                throw e;
            }
            LOG.info("{}; the events of {} go to {}", refused.getMessage(), namespace, hashed);
            return ensure(hashed);
        }
    }

    /**
     * Says in the log which topics of a scope that are there already take smaller records than
     * configured, as far as the account may read that.
     *
     * @throws ExecutionException with Kafka's exception as its cause
     */
    public void checkExisting(Predicate<Namespace> scope)
            throws ExecutionException, InterruptedException {
        List<ConfigResource> existing =
                admin.listTopics().names().get().stream()
                        .filter(
                                topic ->
                                        TopicName.namespace(settings.prefix(), topic)
                                                .filter(scope)
                                                .isPresent())
                        .map(topic -> new ConfigResource(ConfigResource.Type.TOPIC, topic))
                        .toList();
        try {
            admin.describeConfigs(existing)
                    .all()
                    .get()
                    .forEach(
                            (topic, config) ->
                                    warnWhenTooSmall(topic.name(), maxMessageBytes(config)));
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof AuthorizationException)) {
                throw e;
            }
        }
    }

    /** Makes a topic if it is missing. */
    Route ensure(String topic) throws ExecutionException, InterruptedException {
        Optional<TopicDescription> found = describe(topic);
        return route(found.isPresent() ? found.get() : create(topic));
    }

    private Route route(TopicDescription described)
            throws ExecutionException, InterruptedException {
        TopicDescription found =
                recreated.isAnother(described) && recreated.shape(described)
                        ? describe(described.name()).orElse(described)
                        : described;
        int partitions = lead(found);
        int allowed = maxMessageBytes(found.name());
        warnWhenTooSmall(found.name(), allowed);
        inUse.add(found);
        return new Route(found.name(), partitions, allowed);
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

    private TopicDescription create(String topic) throws ExecutionException, InterruptedException {
        makeUnlessThere(topic);
        return describe(topic)
                .orElseThrow(
                        () ->
                                new ExecutionException(
                                        new UnknownTopicOrPartitionException(
                                                "the topic "
                                                        + topic
                                                        + " was just created and is not there yet")));
    }

    private void makeUnlessThere(String topic) throws ExecutionException, InterruptedException {
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
            recreated.isOurs(topic);
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
            return maxMessageBytes(config);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof AuthorizationException) {
                return KAFKA_DEFAULT_MAX_MESSAGE_BYTES;
            }
            throw e;
        }
    }

    private static int maxMessageBytes(Config config) {
        return Integer.parseInt(config.get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG).value());
    }

    private void warnWhenTooSmall(String topic, int allowed) {
        if (allowed < settings.maxMessageBytes() && warned.add(topic)) {
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
