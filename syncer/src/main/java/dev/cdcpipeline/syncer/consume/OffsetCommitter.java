package dev.cdcpipeline.syncer.consume;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Kafka's committed offsets, which follow the ledger so that monitoring tools see the lag (4.5).
 * Nothing ever starts from them, so a failed commit is only logged. Belongs to the poll loop.
 */
final class OffsetCommitter {
    private static final Logger log = LoggerFactory.getLogger(OffsetCommitter.class);
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Duration interval;
    private final LongSupplier nanoTime;
    private final Map<TopicPartition, OffsetAndMetadata> due = new HashMap<>();
    private long last;

    /**
     * @param interval the time between commits
     * @param nanoTime the time
     */
    OffsetCommitter(Duration interval, LongSupplier nanoTime) {
        this.interval = interval;
        this.nanoTime = nanoTime;
        this.last = nanoTime.getAsLong();
    }

    /** The ledger is there now. */
    void reached(TopicPartition partition, long nextOffset) {
        due.put(partition, new OffsetAndMetadata(nextOffset));
    }

    /** Commits, without waiting, if it is time to. */
    void commitIfDue(Consumer<?, ?> consumer) {
        long now = nanoTime.getAsLong();
        if (due.isEmpty() || now - last < interval.toNanos()) {
            return;
        }
        last = now;
        consumer.commitAsync(
                Map.copyOf(due),
                (offsets, failure) -> {
                    if (failure != null) {
                        log.debug("Kafka did not take the offsets; trying again", failure);
                        keep(offsets, consumer.assignment());
                    }
                });
        due.clear();
    }

    private void keep(Map<TopicPartition, OffsetAndMetadata> offsets, Set<TopicPartition> owned) {
        offsets.forEach(
                (partition, offset) -> {
                    if (owned.contains(partition)) {
                        due.putIfAbsent(partition, offset);
                    }
                });
    }

    /** Commits these partitions' offsets and waits for it, as they go to another instance. */
    void commitNow(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
        var now = new HashMap<TopicPartition, OffsetAndMetadata>();
        for (TopicPartition partition : partitions) {
            OffsetAndMetadata offset = due.remove(partition);
            if (offset != null) {
                now.put(partition, offset);
            }
        }
        try {
            commit(consumer, now);
        } catch (RebalanceInProgressException | WakeupException e) {
            log.debug("Kafka did not take the offsets in a rebalance; the ledger has them", e);
        }
    }

    /**
     * Commits everything and waits for it.
     *
     * @return false if the group is being shared out anew just now, or somebody woke the consumer:
     *     poll, and try again
     */
    boolean commitAll(Consumer<?, ?> consumer) {
        try {
            commit(consumer, due);
            due.clear();
            return true;
        } catch (RebalanceInProgressException | WakeupException e) {
            due.keySet().retainAll(consumer.assignment());
            return false;
        }
    }

    private static void commit(
            Consumer<?, ?> consumer, Map<TopicPartition, OffsetAndMetadata> offsets) {
        if (offsets.isEmpty()) {
            return;
        }
        try {
            consumer.commitSync(offsets, PATIENCE);
        } catch (RebalanceInProgressException | WakeupException e) {
            throw e;
        } catch (KafkaException e) {
            log.warn("Kafka did not take the offsets; the ledger has them", e);
        }
    }

    /** Another instance has them now. */
    void forget(Collection<TopicPartition> partitions) {
        partitions.forEach(due::remove);
    }
}
