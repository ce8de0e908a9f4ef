package dev.cdcpipeline.syncer.consume;

import dev.cdcpipeline.kafka.KafkaAdmin;
import dev.cdcpipeline.kafka.LogExtents;
import dev.cdcpipeline.kafka.Topic;
import dev.cdcpipeline.kafka.TopicAnswer;
import dev.cdcpipeline.syncer.plan.PartitionId;
import dev.cdcpipeline.syncer.write.TopicIdentity;

import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;

/** What Kafka says of topics. Blocks; thread-safe. */
public final class TopicCatalog {
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(5);

    private final KafkaAdmin kafka;
    private final Map<UUID, Integer> partitionCounts = new ConcurrentHashMap<>();

    /**
     * @param kafka to ask with
     */
    public TopicCatalog(KafkaAdmin kafka) {
        this.kafka = kafka;
    }

    /**
     * Asks Kafka how many brokers there are.
     *
     * @throws ExecutionException with Kafka's exception as its cause
     */
    public int brokers() throws InterruptedException, ExecutionException {
        return kafka.brokers(ANSWER_LIMIT);
    }

    /**
     * What Kafka holds of a partition.
     *
     * @param topic its topic
     * @param id the partition
     * @param first the first offset that is still there
     * @param end the offset after the last record
     */
    record Extent(TopicIdentity topic, PartitionId id, long first, long end) {}

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
        Map<String, TopicIdentity> topics =
                topics(
                        partitions.stream()
                                .map(TopicPartition::topic)
                                .collect(Collectors.toUnmodifiableSet()));
        List<TopicPartition> there =
                partitions.stream().filter(each -> topics.containsKey(each.topic())).toList();
        LogExtents logs = kafka.topics().extents(there);
        var known = new HashMap<TopicPartition, Extent>();
        logs.known()
                .forEach(
                        (partition, log) -> {
                            TopicIdentity topic =
                                    Objects.requireNonNull(topics.get(partition.topic()));
                            known.put(partition, extent(topic, partition.partition(), log));
                        });
        Exception failure =
                logs.failure() == null && there.size() < partitions.size()
                        ? new UnknownTopicOrPartitionException("a topic that was assigned")
                        : logs.failure();
        return new Extents(known, failure);
    }

    private static Extent extent(TopicIdentity topic, int partition, LogExtents.LogExtent log) {
        return new Extent(
                topic,
                new PartitionId(topic.id(), topic.name(), partition),
                log.first(),
                log.end());
    }

    /**
     * Where the logs of partitions end now; without those that have no leader.
     *
     * @param partitions which there are
     */
    Map<TopicPartition, Long> ends(Collection<TopicPartition> partitions)
            throws InterruptedException {
        return kafka.topics().ends(partitions, ANSWER_LIMIT);
    }

    /** The topics of these names, without those that are not there. */
    Map<String, TopicIdentity> topics(Set<String> names)
            throws InterruptedException, ExecutionException {
        return topics(names, TopicAnswer::known);
    }

    /** Those of these names that are there, and that this login may look at. */
    Set<String> visible(Set<String> names) throws InterruptedException, ExecutionException {
        return topics(names, TopicAnswer::visible).keySet();
    }

    /** How an answer is understood. */
    private interface Understanding {
        Optional<Topic> topic(TopicAnswer answer) throws ExecutionException;
    }

    private Map<String, TopicIdentity> topics(Set<String> names, Understanding understanding)
            throws InterruptedException, ExecutionException {
        var topics = new HashMap<String, TopicIdentity>();
        for (TopicAnswer answer : kafka.topics().ask(names).values()) {
            Optional<Topic> found = understanding.topic(answer);
            if (found.isPresent()) {
                var topic =
                        new TopicIdentity(
                                found.get().id(),
                                found.get().name(),
                                found.get().partitions().size());
                partitionCounts.put(topic.id(), topic.partitions());
                topics.put(topic.name(), topic);
            }
        }
        return topics;
    }

    /** How many partitions a topic that was looked at had then; 2^31-1 for any other. */
    public int partitions(UUID topicId) {
        return partitionCounts.getOrDefault(topicId, Integer.MAX_VALUE);
    }
}
