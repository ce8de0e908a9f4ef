package dev.cdcpipeline.syncer.consume;

import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Which partitions are polled while records are large. A record that a poll had no room for stays
 * in memory until its partition's next poll, one for each partition: with many partitions more than
 * the heap has (I7). So once a large one was refused, one partition is polled at a time, and goes
 * on being polled while it has such a record, until none has. Belongs to the poll loop.
 */
final class LargeRecordTurns {
    /** So many partitions may wait for room and keep such a record; then all others wait. */
    private static final int MAX_KEPT = 2;

    /** Partitions that keep a large record. */
    private final Set<TopicPartition> keeping = new LinkedHashSet<>();

    /** Partitions that may keep one: which one it is, a poll of several does not say. */
    private final Set<TopicPartition> suspects = new LinkedHashSet<>();

    private @Nullable TopicPartition current;

    /** Returns whether one partition is polled at a time. */
    boolean areTaken() {
        return !keeping.isEmpty() || !suspects.isEmpty();
    }

    /**
     * The partitions to hold back in the next poll.
     *
     * @param open partitions that could be polled
     * @param full those of them that have no room in the queue
     */
    Set<TopicPartition> heldBack(Set<TopicPartition> open, Set<TopicPartition> full) {
        keeping.retainAll(open);
        suspects.retainAll(open);
        current = null;
        if (!areTaken()) {
            return full;
        }
        current = next(open, full);
        var others = new HashSet<>(open);
        if (current != null) {
            others.remove(current);
        }
        return others;
    }

    private @Nullable TopicPartition next(Set<TopicPartition> open, Set<TopicPartition> full) {
        TopicPartition next = firstOf(keeping, full);
        if (next == null && keeping.size() < MAX_KEPT) {
            next = firstOf(suspects, full);
            if (next == null) {
                next = firstOf(open, full);
            }
        }
        return next;
    }

    private static @Nullable TopicPartition firstOf(
            Set<TopicPartition> some, Set<TopicPartition> full) {
        for (TopicPartition each : some) {
            if (!full.contains(each)) {
                return each;
            }
        }
        return null;
    }

    /**
     * What a poll has shown.
     *
     * @param refusedLarge whether a large record was refused
     * @param open partitions that were polled, unless one was alone
     */
    void polled(boolean refusedLarge, Set<TopicPartition> open) {
        TopicPartition polled = current;
        if (polled != null) {
            suspects.remove(polled);
            if (refusedLarge) {
                keeping.add(polled);
            } else {
                keeping.remove(polled);
            }
        } else if (refusedLarge) {
            suspects.addAll(open);
            suspects.removeAll(keeping);
        }
    }
}
