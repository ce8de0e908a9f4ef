package dev.cdcpipeline.syncer.consume;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cdcpipeline.testkit.Property;

import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

class LargeRecordTurnsTest {

    /** One that a poll of several refused, and those of two partitions. */
    private static final int MOST_KEPT = 3;

    @Test
    @DisplayName(
            "case S1: However many partitions have large records, few are in memory before their turn")
    void fewAreKept() {
        Property.forAll(
                300,
                random -> random.nextLong(),
                seed -> {
                    var consumer = new Consumer(new Random(seed));
                    while (consumer.hasRecords()) {
                        consumer.poll();
                        assertThat(consumer.kept).hasSizeLessThanOrEqualTo(MOST_KEPT);
                    }
                    assertThat(consumer.polls).isLessThan(consumer.records * 40);
                });
    }

    @Test
    @DisplayName("While no large record is refused, only full partitions are held back")
    void holdsNothingBackOtherwise() {
        var turns = new LargeRecordTurns();
        turns.polled(false, Set.of(partition(1), partition(2)));
        assertThat(turns.areTaken()).isFalse();
        assertThat(turns.heldBack(Set.of(partition(1), partition(2)), Set.of(partition(2))))
                .containsExactly(partition(2));
    }

    @Test
    @DisplayName("case S1: a partition that was taken away holds none of the others back")
    void whatWasTakenAwayHoldsNothingBack() {
        var turns = new LargeRecordTurns();
        Set<TopicPartition> both = Set.of(partition(1), partition(2));
        turns.polled(true, both);
        Set<TopicPartition> held = turns.heldBack(both, Set.of(partition(2)));
        assertThat(held).containsExactly(partition(2));
        turns.polled(true, both); // partition 1 keeps one, and partition 2 may

        assertThat(turns.heldBack(Set.of(partition(2)), Set.of())).isEmpty();
        turns.polled(false, Set.of(partition(2)));
        assertThat(turns.areTaken()).isFalse();

        turns.polled(true, both);
        assertThat(turns.heldBack(Set.of(partition(1)), Set.of())).isEmpty();
        turns.polled(false, Set.of(partition(1)));
        assertThat(turns.areTaken()).isFalse();
    }

    private static TopicPartition partition(int number) {
        return new TopicPartition("t", number);
    }

    /** What Kafka's consumer does with records of which a poll has room for one. */
    private static final class Consumer {
        private final LargeRecordTurns turns = new LargeRecordTurns();
        private final Random random;
        private final Map<TopicPartition, Integer> left;
        private final Set<TopicPartition> kept = new HashSet<>();
        private final Set<TopicPartition> locked;
        private final int records;
        private int polls;

        Consumer(Random random) {
            this.random = random;
            int partitions = 1 + random.nextInt(64);
            this.left =
                    IntStream.range(0, partitions)
                            .boxed()
                            .collect(
                                    Collectors.toMap(
                                            LargeRecordTurnsTest::partition,
                                            _ -> random.nextInt(6),
                                            Integer::sum,
                                            LinkedHashMap::new));
            this.records = partitions + left.values().stream().mapToInt(n -> n).sum();
            // Its lane never empties, until all else is done.
            this.locked = random.nextBoolean() ? Set.of(partition(0)) : Set.of();
        }

        boolean hasRecords() {
            return left.values().stream().anyMatch(n -> n > 0);
        }

        void poll() {
            polls++;
            Set<TopicPartition> full = new HashSet<>(left.keySet());
            full.removeIf(_ -> random.nextInt(3) > 0);
            boolean others =
                    left.entrySet().stream()
                            .anyMatch(e -> e.getValue() > 0 && !locked.contains(e.getKey()));
            if (others && polls > 1) {
                full.addAll(locked);
            }
            Set<TopicPartition> open = Set.copyOf(left.keySet());
            Set<TopicPartition> held = turns.areTaken() ? turns.heldBack(open, full) : full;
            List<TopicPartition> order = new ArrayList<>(open);
            order.removeAll(held);
            Collections.shuffle(order, random);
            TopicPartition first = firstWithRecords(order, null);
            TopicPartition refused = null;
            if (first != null) {
                left.merge(first, -1, Integer::sum);
                kept.remove(first);
                refused = firstWithRecords(order, first);
                if (refused != null) {
                    kept.add(refused);
                }
            }
            turns.polled(refused != null, open);
        }

        private @Nullable TopicPartition firstWithRecords(
                List<TopicPartition> order, @Nullable TopicPartition preferred) {
            if (preferred != null && left.getOrDefault(preferred, 0) > 0) {
                return preferred;
            }
            return order.stream().filter(p -> left.getOrDefault(p, 0) > 0).findFirst().orElse(null);
        }
    }
}
