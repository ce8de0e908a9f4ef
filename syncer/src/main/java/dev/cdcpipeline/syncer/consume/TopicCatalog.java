package dev.cdcpipeline.syncer.consume;

import dev.cdcpipeline.syncer.plan.PartitionId;
import dev.cdcpipeline.syncer.write.KnownTopic;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** What Kafka says of topics. Blocks; thread-safe. */
public final class TopicCatalog {
    private static final Logger log = LoggerFactory.getLogger(TopicCatalog.class);
    private static final int ASK_MILLIS = 5_000;

    private final Admin admin;
    private final Map<UUID, Integer> partitionCounts = new ConcurrentHashMap<>();

    /**
     * @param admin the client to ask with
     */
    public TopicCatalog(Admin admin) {
        this.admin = admin;
    }

    /**
     * Asks Kafka how many brokers there are.
     *
     * @throws ExecutionException with Kafka's exception as its cause
     */
    public int brokers() throws InterruptedException, ExecutionException {
        var options = new DescribeClusterOptions().timeoutMs(ASK_MILLIS);
        return admin.describeCluster(options).nodes().get().size();
    }

    /**
     * What Kafka holds of a partition.
     *
     * @param topic its topic
     * @param id the partition
     * @param first the first offset that is still there
     * @param end the offset after the last record
     */
    record Extent(KnownTopic topic, PartitionId id, long first, long end) {}

    /**
     * What could be told of the partitions that were asked for: one that cannot be told now, as it
     * has no leader or its topic was deleted, must not keep the others waiting.
     *
     * @param known what Kafka holds of them
     * @param failure why some are missing; null if none is
     */
    record Extents(Map<TopicPartition, Extent> known, @Nullable Exception failure) {}

    /** What Kafka holds of the partitions. */
    Extents extents(Collection<TopicPartition> partitions)
            throws InterruptedException, ExecutionException {
        Map<String, KnownTopic> topics =
                topics(
                        partitions.stream()
                                .map(TopicPartition::topic)
                                .collect(Collectors.toUnmodifiableSet()));
        List<TopicPartition> there =
                partitions.stream().filter(each -> topics.containsKey(each.topic())).toList();
        var first = offsets(there, OffsetSpec.earliest());
        var end = offsets(there, OffsetSpec.latest());
        var known = new HashMap<TopicPartition, Extent>();
        Exception failure =
                there.size() == partitions.size()
                        ? null
                        : new UnknownTopicOrPartitionException("a topic that was assigned");
        for (TopicPartition partition : there) {
            KnownTopic topic = Objects.requireNonNull(topics.get(partition.topic()));
            try {
                known.put(
                        partition,
                        new Extent(
                                topic,
                                new PartitionId(topic.id(), topic.name(), partition.partition()),
                                first.partitionResult(partition).get().offset(),
                                end.partitionResult(partition).get().offset()));
            } catch (ExecutionException e) {
                failure = e;
            }
        }
        return new Extents(known, failure);
    }

    /**
     * Where the logs of partitions end now; without those that have no leader.
     *
     * @param partitions which there are
     */
    Map<TopicPartition, Long> ends(Collection<TopicPartition> partitions)
            throws InterruptedException {
        var asked =
                offsets(
                        partitions,
                        OffsetSpec.latest(),
                        new ListOffsetsOptions().timeoutMs(ASK_MILLIS));
        var ends = new HashMap<TopicPartition, Long>();
        for (TopicPartition partition : partitions) {
            try {
                ends.put(partition, asked.partitionResult(partition).get().offset());
            } catch (ExecutionException e) {
                log.debug("Kafka does not say where {} ends; asking again later", partition, e);
            }
        }
        return ends;
    }

    /** The topics of these names, without those that are not there. */
    Map<String, KnownTopic> topics(Set<String> names)
            throws InterruptedException, ExecutionException {
        return topics(names, UnknownTopicOrPartitionException.class::isInstance);
    }

    /** Those of these names that are there, and that this login may look at. */
    Set<String> visible(Set<String> names) throws InterruptedException, ExecutionException {
        Predicate<Throwable> hidden =
                failure ->
                        failure instanceof UnknownTopicOrPartitionException
                                || failure instanceof TopicAuthorizationException;
        return topics(names, hidden).keySet();
    }

    private Map<String, KnownTopic> topics(Set<String> names, Predicate<Throwable> isAbsent)
            throws InterruptedException, ExecutionException {
        var topics = new HashMap<String, KnownTopic>();
        for (var asked : admin.describeTopics(names).topicNameValues().entrySet()) {
            TopicDescription found = descriptionOf(asked.getValue(), isAbsent);
            if (found != null) {
                var topic =
                        new KnownTopic(
                                uuid(found.topicId()), found.name(), found.partitions().size());
                partitionCounts.put(topic.id(), topic.partitions());
                topics.put(topic.name(), topic);
            }
        }
        return topics;
    }

    private static @Nullable TopicDescription descriptionOf(
            KafkaFuture<TopicDescription> answer, Predicate<Throwable> isAbsent)
            throws InterruptedException, ExecutionException {
        try {
            return answer.get();
        } catch (ExecutionException e) {
            if (isAbsent.test(e.getCause())) {
                return null;
            }
            throw e;
        }
    }

    private ListOffsetsResult offsets(Collection<TopicPartition> partitions, OffsetSpec spec) {
        return offsets(partitions, spec, new ListOffsetsOptions());
    }

    private ListOffsetsResult offsets(
            Collection<TopicPartition> partitions, OffsetSpec spec, ListOffsetsOptions options) {
        return admin.listOffsets(
                partitions.stream().collect(Collectors.toMap(each -> each, each -> spec)), options);
    }

    private static UUID uuid(Uuid id) {
        return new UUID(id.getMostSignificantBits(), id.getLeastSignificantBits());
    }

    /** How many partitions a topic that was looked at had then; 2^31-1 for any other. */
    public int partitions(UUID topicId) {
        return partitionCounts.getOrDefault(topicId, Integer.MAX_VALUE);
    }
}
