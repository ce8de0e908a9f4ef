package dev.cdcpipeline.watcher.publish;

import dev.cdcpipeline.kafka.KafkaAdmin;
import dev.cdcpipeline.kafka.NewTopicSpec;
import dev.cdcpipeline.kafka.Topic;
import dev.cdcpipeline.kafka.TopicAdmin;
import dev.cdcpipeline.kafka.TopicConfigs;
import dev.cdcpipeline.kafka.TopicName;
import dev.cdcpipeline.model.Namespace;

import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.function.Predicate;

/** Topics of Kafka: one for each collection, made when it is missing. Thread-safe. */
public final class Topics {
    private static final Logger LOG = LoggerFactory.getLogger(Topics.class);

    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(5);
    private static final int KAFKA_DEFAULT_MAX_MESSAGE_BYTES = 1_048_588;

    private final KafkaAdmin kafka;
    private final TopicAdmin admin;
    private final TopicSettings settings;
    private final Set<String> warned = ConcurrentHashMap.newKeySet();
    private final TopicsInUse inUse;
    private final RecreatedTopics recreated;

    /** Topics as seen by an admin client, which the caller closes. */
    public Topics(KafkaAdmin kafka, TopicSettings settings) {
        this.kafka = kafka;
        this.admin = kafka.topics();
        this.settings = settings;
        this.inUse = new TopicsInUse(admin);
        this.recreated = new RecreatedTopics(admin, settings);
    }

    /** A new session begins, which knows no topic yet. */
    public void forget() {
        inUse.clear();
    }

    /** What Kafka says of the topics of the session, as long as they are the same. */
    List<Topic> requireUnchanged() throws ExecutionException, InterruptedException {
        return inUse.requireUnchanged();
    }

    /** Why Kafka may confirm nothing; null when all looks well. */
    @Nullable String trouble(List<Topic> now) throws InterruptedException {
        return inUse.trouble(now);
    }

    /**
     * Asks Kafka for any answer.
     *
     * @throws ExecutionException with Kafka's exception as its cause
     */
    public void ask() throws ExecutionException, InterruptedException {
        var _ = kafka.brokers(ANSWER_LIMIT);
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
        Optional<Topic> found = admin.find(plain);
        if (found.isPresent()) {
            return route(found.get());
        }
        if (admin.names().contains(hashed)) {
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
        List<String> existing =
                admin.names().stream()
                        .filter(
                                topic ->
                                        TopicName.namespace(settings.prefix(), topic)
                                                .filter(scope)
                                                .isPresent())
                        .toList();
        try {
            admin.configs(existing)
                    .forEach(
                            (topic, configs) -> warnWhenTooSmall(topic, configs.maxMessageBytes()));
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof AuthorizationException)) {
                throw e;
            }
        }
    }

    /** Makes a topic if it is missing. */
    Route ensure(String topic) throws ExecutionException, InterruptedException {
        Optional<Topic> found = admin.find(topic);
        return route(found.isPresent() ? found.get() : create(topic));
    }

    private Route route(Topic described) throws ExecutionException, InterruptedException {
        Topic found =
                recreated.isAnother(described) && recreated.shape(described)
                        ? admin.find(described.name()).orElse(described)
                        : described;
        admin.requireLeaders(found);
        int allowed =
                admin.readableConfigs(found.name())
                        .map(TopicConfigs::maxMessageBytes)
                        .orElse(KAFKA_DEFAULT_MAX_MESSAGE_BYTES);
        warnWhenTooSmall(found.name(), allowed);
        inUse.add(found);
        return new Route(found.name(), found.partitions().size(), allowed);
    }

    private Topic create(String topic) throws ExecutionException, InterruptedException {
        var wanted =
                new NewTopicSpec(
                        topic,
                        OptionalInt.of(settings.partitions()),
                        settings.replication() == 0
                                ? OptionalInt.empty()
                                : OptionalInt.of(settings.replication()),
                        OptionalInt.of(settings.maxMessageBytes()));
        if (admin.create(wanted)) {
            recreated.isOurs(topic);
            LOG.atInfo()
                    .addKeyValue("topic", topic)
                    .log("topic created with {} partitions", settings.partitions());
        }
        return admin.requireCreated(topic);
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
