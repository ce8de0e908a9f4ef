package dev.cdcpipeline.kafka;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;

/**
 * Describes, creates and measures topics. What follows from an answer is decided by who asks.
 * Blocks; thread-safe. Every question fails by an {@link ExecutionException} with Kafka's exception
 * as its cause.
 */
public final class TopicAdmin {
    private final Admin admin;

    TopicAdmin(Admin admin) {
        this.admin = admin;
    }

    /** Returns the names of all topics that this login may see. */
    public Set<String> names() throws InterruptedException, ExecutionException {
        return admin.listTopics().names().get();
    }

    /** Returns a topic; empty if there is none. */
    public Optional<Topic> find(String topic) throws InterruptedException, ExecutionException {
        return ask(Set.of(topic), new DescribeTopicsOptions()).values().iterator().next().known();
    }

    /** Returns a topic with what this login may do with it; empty if there is none to be seen. */
    public Optional<Topic> findWithRights(String topic)
            throws InterruptedException, ExecutionException {
        return ask(Set.of(topic), new DescribeTopicsOptions().includeAuthorizedOperations(true))
                .values()
                .iterator()
                .next()
                .visible();
    }

    /**
     * Returns the topic that was just created.
     *
     * @throws ExecutionException if the broker that was asked does not know of it yet, too
     */
    public Topic requireCreated(String topic) throws InterruptedException, ExecutionException {
        return find(topic)
                .orElseThrow(
                        () ->
                                new ExecutionException(
                                        new UnknownTopicOrPartitionException(
                                                "the topic "
                                                        + topic
                                                        + " was just created and is not there yet")));
    }

    /** Asks for topics by their names. */
    public Map<String, TopicAnswer> ask(Set<String> topics) throws InterruptedException {
        return ask(topics, new DescribeTopicsOptions());
    }

    /** Asks for topics by their names, and waits for each answer no longer than the limit. */
    public Map<String, TopicAnswer> ask(Set<String> topics, Duration limit)
            throws InterruptedException {
        return ask(topics, new DescribeTopicsOptions().timeoutMs(millis(limit)));
    }

    private Map<String, TopicAnswer> ask(Set<String> topics, DescribeTopicsOptions options)
            throws InterruptedException {
        var answers = new HashMap<String, TopicAnswer>();
        for (var asked : admin.describeTopics(topics, options).topicNameValues().entrySet()) {
            answers.put(asked.getKey(), answer(asked.getValue()));
        }
        return answers;
    }

    private static TopicAnswer answer(KafkaFuture<TopicDescription> described)
            throws InterruptedException {
        try {
            return new TopicAnswer.Found(Topic.of(described.get()));
        } catch (ExecutionException e) {
            return switch (e.getCause()) {
                case UnknownTopicOrPartitionException _ -> new TopicAnswer.Absent();
                case AuthorizationException _ -> new TopicAnswer.Hidden(e);
                case null, default -> new TopicAnswer.Failed(e);
            };
        }
    }

    /**
     * Creates a topic.
     *
     * @return false if it is there already, perhaps since another client has just created it
     */
    public boolean create(NewTopicSpec topic) throws InterruptedException, ExecutionException {
        return create(topic, new CreateTopicsOptions());
    }

    /**
     * Asks whether a topic could be created, without creating it.
     *
     * @return false if it is there already
     */
    public boolean tryCreate(NewTopicSpec topic) throws InterruptedException, ExecutionException {
        return create(topic, new CreateTopicsOptions().validateOnly(true));
    }

    private boolean create(NewTopicSpec topic, CreateTopicsOptions options)
            throws InterruptedException, ExecutionException {
        try {
            admin.createTopics(List.of(topic.topic()), options).all().get();
            return true;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof TopicExistsException) {
                return false;
            }
            throw e;
        }
    }

    /** Gives a topic more partitions. */
    public void addPartitions(String topic, int total)
            throws InterruptedException, ExecutionException {
        admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(total))).all().get();
    }

    /** Sets the largest batch of records that a topic takes. */
    public void setMaxMessageBytes(String topic, int bytes)
            throws InterruptedException, ExecutionException {
        var entry = new ConfigEntry(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(bytes));
        var set = new AlterConfigOp(entry, AlterConfigOp.OpType.SET);
        admin.incrementalAlterConfigs(Map.of(resource(topic), List.of(set))).all().get();
    }

    /** Returns the configuration of a topic. */
    public TopicConfigs configs(String topic) throws InterruptedException, ExecutionException {
        return Objects.requireNonNull(configs(List.of(topic)).get(topic));
    }

    /** Returns the configurations of topics by their names. */
    public Map<String, TopicConfigs> configs(Collection<String> topics)
            throws InterruptedException, ExecutionException {
        return admin
                .describeConfigs(topics.stream().map(TopicAdmin::resource).toList())
                .all()
                .get()
                .entrySet()
                .stream()
                .collect(
                        Collectors.toUnmodifiableMap(
                                each -> each.getKey().name(),
                                each -> TopicConfigs.of(each.getValue())));
    }

    /** Returns the configuration of a topic; empty if this login may not read it. */
    public Optional<TopicConfigs> readableConfigs(String topic)
            throws InterruptedException, ExecutionException {
        try {
            return Optional.of(configs(topic));
        } catch (ExecutionException e) {
            if (e.getCause() instanceof AuthorizationException) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private static ConfigResource resource(String topic) {
        return new ConfigResource(ConfigResource.Type.TOPIC, topic);
    }

    /** Returns where the logs of partitions begin and end. */
    public LogExtents extents(Collection<TopicPartition> partitions) throws InterruptedException {
        var first = offsets(partitions, OffsetSpec.earliest(), new ListOffsetsOptions());
        var end = offsets(partitions, OffsetSpec.latest(), new ListOffsetsOptions());
        var known = new HashMap<TopicPartition, LogExtents.LogExtent>();
        ExecutionException failure = null;
        for (TopicPartition partition : partitions) {
            try {
                known.put(
                        partition,
                        new LogExtents.LogExtent(
                                first.partitionResult(partition).get().offset(),
                                end.partitionResult(partition).get().offset()));
            } catch (ExecutionException e) {
                failure = e;
            }
        }
        return new LogExtents(known, failure);
    }

    /**
     * Returns where the logs of partitions end, without those of which Kafka cannot tell.
     *
     * @param limit how long to wait for the answers
     */
    public Map<TopicPartition, Long> ends(Collection<TopicPartition> partitions, Duration limit)
            throws InterruptedException {
        var options = new ListOffsetsOptions().timeoutMs(millis(limit));
        ListOffsetsResult asked = offsets(partitions, OffsetSpec.latest(), options);
        var ends = new HashMap<TopicPartition, Long>();
        for (TopicPartition partition : partitions) {
            try {
                ends.put(partition, asked.partitionResult(partition).get().offset());
            } catch (ExecutionException unknown) {
                // The caller sees that it is missing, and asks again.
            }
        }
        return ends;
    }

    /**
     * Waits until every partition's leader serves it. A broker that learns only now that it leads a
     * new partition would refuse the first records.
     */
    public void requireLeaders(Topic topic) throws InterruptedException, ExecutionException {
        offsets(topic.topicPartitions(), OffsetSpec.latest(), new ListOffsetsOptions()).all().get();
    }

    private ListOffsetsResult offsets(
            Collection<TopicPartition> partitions, OffsetSpec spec, ListOffsetsOptions options) {
        return admin.listOffsets(
                partitions.stream().collect(Collectors.toMap(each -> each, _ -> spec)), options);
    }

    private static int millis(Duration limit) {
        return Math.toIntExact(limit.toMillis());
    }
}
