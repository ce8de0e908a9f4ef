package dev.cdcpipeline.watcher.publish;

import dev.cdcpipeline.kafka.PublisherClients;
import dev.cdcpipeline.model.Namespace;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Reads the last records of a scope's topics, which say how far the Watcher had got that published
 * them, for one that has lost its checkpoint.
 */
public final class TopicTails {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final long PATIENCE_NANOS = Duration.ofSeconds(30).toNanos();

    /** How far to look back in a partition; further only where nothing was found at all. */
    private static final List<Long> LOOK_BACK = List.of(8L, 1_024L);

    private final PublisherClients kafka;
    private final String prefix;
    private final Predicate<Namespace> scope;
    private final StreamIds ids;
    private final PublishListener listener;

    /**
     * The topics of one Watcher.
     *
     * @param kafka reaches them
     * @param prefix what their names begin with
     * @param scope the collections
     * @param ids knows its streams
     * @param listener hears of every wait, which it may end
     */
    public TopicTails(
            PublisherClients kafka,
            String prefix,
            Predicate<Namespace> scope,
            StreamIds ids,
            PublishListener listener) {
        this.kafka = kafka;
        this.prefix = prefix;
        this.scope = scope;
        this.ids = ids;
        this.listener = listener;
    }

    /**
     * Reads them.
     *
     * @throws org.apache.kafka.common.KafkaException as a consumer does; among others when the
     *     account may not read a topic
     * @throws InterruptedException when the listener wants the wait to end
     */
    public Tails read() throws InterruptedException {
        TailRecords records = new TailRecords(prefix, scope, ids);
        try (Consumer<byte[], byte[]> consumer = kafka.tailConsumer()) {
            List<TopicPartition> all =
                    consumer.listTopics().entrySet().stream()
                            .filter(topic -> records.mayBeOurs(topic.getKey()))
                            .flatMap(topic -> topic.getValue().stream())
                            .map(each -> new TopicPartition(each.topic(), each.partition()))
                            .toList();
            consumer.assign(all);
            Ends ends = new Ends(consumer.beginningOffsets(all), consumer.endOffsets(all));
            all.stream()
                    .filter(ends::isEmptied)
                    .map(TopicPartition::topic)
                    .forEach(records::emptied);
            List<TopicPartition> filled = all.stream().filter(ends::isFilled).toList();
            for (long back : LOOK_BACK) {
                if (!filled.isEmpty() && !records.saysWhatWasDurable()) {
                    read(consumer, filled, back, ends, records);
                }
            }
        }
        return records.tails();
    }

    /** Where partitions begin and end. */
    private record Ends(Map<TopicPartition, Long> first, Map<TopicPartition, Long> end) {
        boolean isFilled(TopicPartition partition) {
            return end(partition) > first(partition);
        }

        /** It had records once. */
        boolean isEmptied(TopicPartition partition) {
            return !isFilled(partition) && end(partition) > 0;
        }

        long first(TopicPartition partition) {
            return first.getOrDefault(partition, 0L);
        }

        long end(TopicPartition partition) {
            return end.getOrDefault(partition, 0L);
        }
    }

    private void read(
            Consumer<byte[], byte[]> consumer,
            List<TopicPartition> partitions,
            long back,
            Ends ends,
            TailRecords records)
            throws InterruptedException {
        consumer.assign(partitions);
        consumer.resume(partitions);
        for (TopicPartition each : partitions) {
            consumer.seek(each, Math.max(ends.first(each), ends.end(each) - back));
        }
        Set<TopicPartition> open = new HashSet<>(partitions);
        long progress = System.nanoTime();
        while (!open.isEmpty()) {
            listener.waiting();
            ConsumerRecords<byte[], byte[]> polled = consumer.poll(POLL);
            polled.forEach(records::add);
            // Without records, the end may have been reached over markers of transactions.
            Collection<TopicPartition> moved =
                    polled.isEmpty() ? Set.copyOf(open) : polled.partitions();
            Set<TopicPartition> done = new HashSet<>(moved);
            done.removeIf(each -> consumer.position(each) < ends.end(each));
            if (open.removeAll(done)) {
                consumer.pause(done);
            }
            if (!polled.isEmpty()) {
                progress = System.nanoTime();
            } else if (System.nanoTime() - progress > PATIENCE_NANOS) {
                throw new TimeoutException(
                        "Kafka did not deliver the last records of " + open.iterator().next());
            }
        }
    }
}
