package dev.cdcpipeline.syncer.consume;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cdcpipeline.syncer.plan.RecordView;
import dev.cdcpipeline.syncer.plan.Records;
import dev.cdcpipeline.syncer.support.Polled;
import dev.cdcpipeline.testkit.Gen;
import dev.cdcpipeline.testkit.Property;

import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

@Timeout(60) // a worker that waits for what never comes
class WorkQueueTest {
    private static final long RECORD = chunk(claim(0), 0, 1).bytes();

    private static WorkQueue queue(int maxRecords, Duration maxWait, boolean whenIdle) {
        return queue(new BatchLimits(maxRecords, maxWait, whenIdle, maxRecords, 1 << 20), 1 << 30);
    }

    /** For two workers. */
    private static WorkQueue queue(BatchLimits limits, long maxBytes) {
        return new WorkQueue(new Workload(2, limits, maxBytes), new AtomicLong()::incrementAndGet);
    }

    private static BatchLimits atOnce(int backlogRecords) {
        return new BatchLimits(1, Duration.ofHours(1), true, backlogRecords, 1 << 20);
    }

    private static Claim claim(int partition) {
        return new Claim(new TopicPartition("topic", partition));
    }

    private static Chunk chunk(Claim claim, long from, int count) {
        return new Chunk(claim, Polled.records(claim.partition(), from, count), null);
    }

    private static Batch taken(WorkQueue queue) throws InterruptedException {
        return Objects.requireNonNull(queue.take());
    }

    private static long bytes(Batch batch) {
        return batch.records().values().stream()
                .flatMap(List::stream)
                .mapToLong(Records::bytes)
                .sum();
    }

    private static List<Long> offsets(Batch batch, Claim claim) {
        return Objects.requireNonNull(batch.records().get(claim)).stream()
                .flatMap(Records::stream)
                .map(RecordView::offset)
                .toList();
    }

    @Test
    @DisplayName("5.1, 5.2, 5.4, Properties 12, 13: batches are bounded, in order, nothing dropped")
    void batchesAreBoundedInOrderAndComplete() {
        Property.forAll(
                200,
                Gen.ints(0, 40).list(1, 20),
                sizes -> {
                    WorkQueue queue = queue(25, Duration.ofHours(1), false);
                    Claim claim = claim(0);
                    long offset = 0;
                    for (int size : sizes) {
                        queue.put(List.of(chunk(claim, offset, size)));
                        offset += size;
                    }
                    queue.close();
                    var seen = new ArrayList<Long>();
                    for (Batch batch = queue.take(); batch != null; batch = queue.take()) {
                        assertThat(batch.size()).isBetween(0, 25);
                        seen.addAll(offsets(batch, claim));
                        queue.done(batch);
                    }
                    assertThat(seen).isEqualTo(LongStream.range(0, offset).boxed().toList());
                    assertThat(queue.bytes()).isZero();
                    assertThat(queue.records()).isZero();
                    assertThat(queue.isDrained()).isTrue();
                });
    }

    @Test
    @DisplayName(
            "Properties 12, 13: with a backlog too, a batch keeps its bounds in records and bytes")
    void batchesOfABacklogKeepTheirBounds() {
        Property.forAll(
                200,
                Gen.ints(0, 60).list(1, 20),
                sizes -> {
                    int backlog = 1 + sizes.getFirst();
                    int maxBytes = 100 * sizes.getLast();
                    var limits = new BatchLimits(5, Duration.ofHours(1), true, backlog, maxBytes);
                    WorkQueue queue = queue(limits, 1 << 30);
                    List<Claim> claims = List.of(claim(0), claim(1), claim(2));
                    long[] ends = new long[claims.size()];
                    for (int i = 0; i < sizes.size(); i++) {
                        int at = i % claims.size();
                        queue.put(List.of(chunk(claims.get(at), ends[at], sizes.get(i))));
                        ends[at] += sizes.get(i);
                    }
                    queue.close();
                    Map<Claim, List<Long>> seen = new HashMap<>();
                    for (Batch batch = queue.take(); batch != null; batch = queue.take()) {
                        assertThat(batch.size()).isBetween(0, Math.max(5, backlog));
                        assertThat(batch.size() <= 1 || bytes(batch) <= maxBytes).isTrue();
                        for (Claim claim : batch.records().keySet()) {
                            seen.computeIfAbsent(claim, key -> new ArrayList<>())
                                    .addAll(offsets(batch, claim));
                        }
                        queue.done(batch);
                    }
                    for (int i = 0; i < ends.length; i++) {
                        assertThat(seen.getOrDefault(claims.get(i), List.of()))
                                .isEqualTo(LongStream.range(0, ends[i]).boxed().toList());
                    }
                    assertThat(queue.isDrained()).isTrue();
                });
    }

    @Test
    @DisplayName(
            "6.2, Property 14: each record goes to one worker, each partition to one at a time and in order")
    void eachRecordGoesToOneWorkerAndEachPartitionToOneAtATime() {
        Property.forAll(
                100,
                Gen.ints(0, 60).list(4, 40),
                sizes -> {
                    WorkQueue queue = queue(atOnce(50), 1 << 30);
                    List<Claim> claims = IntStream.range(0, 4).mapToObj(i -> claim(i)).toList();
                    Map<Claim, List<Long>> seen = new ConcurrentHashMap<>();
                    Set<Claim> underWay = ConcurrentHashMap.newKeySet();
                    Callable<Boolean> worker =
                            () -> {
                                for (Batch batch = queue.take();
                                        batch != null;
                                        batch = queue.take()) {
                                    for (Claim claim : batch.records().keySet()) {
                                        assertThat(underWay.add(claim)).isTrue();
                                        seen.computeIfAbsent(claim, key -> new ArrayList<>())
                                                .addAll(offsets(batch, claim));
                                    }
                                    underWay.removeAll(batch.records().keySet());
                                    queue.done(batch);
                                }
                                return true;
                            };
                    try (var threads = Executors.newFixedThreadPool(3);
                            AutoCloseable _ = queue::abort) {
                        List<Future<?>> workers = new ArrayList<>();
                        for (int i = 0; i < 3; i++) {
                            workers.add(threads.submit(worker));
                        }
                        long[] ends = new long[claims.size()];
                        for (int size : sizes) {
                            int at = size % claims.size();
                            queue.put(List.of(chunk(claims.get(at), ends[at], size)));
                            ends[at] += size;
                        }
                        queue.close();
                        for (Future<?> each : workers) {
                            each.get(10, TimeUnit.SECONDS);
                        }
                        for (int i = 0; i < ends.length; i++) {
                            assertThat(seen.getOrDefault(claims.get(i), List.of()))
                                    .isEqualTo(LongStream.range(0, ends[i]).boxed().toList());
                        }
                        assertThat(queue.isDrained()).isTrue();
                    }
                });
    }

    @Test
    @DisplayName("6.2: what comes of a partition that a worker has waits until that is done")
    void whatComesOfAPartitionThatAWorkerHasWaits() throws Exception {
        WorkQueue queue = queue(atOnce(100), 1 << 30);
        Claim busy = claim(0);
        Claim other = claim(1);
        queue.put(List.of(chunk(busy, 0, 3)));
        Batch first = taken(queue);
        queue.put(List.of(chunk(busy, 3, 3)));
        queue.put(List.of(chunk(other, 0, 3)));

        Batch second = taken(queue);
        assertThat(second.records().keySet()).containsExactly(other);
        queue.close();
        assertThat(queue.isDrained()).isFalse();
        queue.done(first);
        assertThat(offsets(taken(queue), busy)).containsExactly(3L, 4L, 5L);
    }

    @Test
    @DisplayName("6.2, I4: so do those of a new claim on it")
    void theRecordsOfANewClaimWaitForTheBatchOfTheOldOne() throws Exception {
        WorkQueue queue = queue(atOnce(100), 1 << 30);
        Claim old = claim(0);
        queue.put(List.of(chunk(old, 0, 3)));
        Batch first = taken(queue);
        queue.discard(old.partition());
        Claim again = claim(0);
        queue.put(List.of(chunk(again, 0, 3), chunk(claim(1), 0, 1)));

        assertThat(taken(queue).records().keySet()).doesNotContain(again);
        queue.done(first);
        assertThat(taken(queue).records().keySet()).containsExactly(again);
    }

    @Test
    @DisplayName("6.2: the partition that has waited longest is next; a busy one starves no other")
    void thePartitionThatHasWaitedLongestIsNext() throws Exception {
        WorkQueue queue = queue(atOnce(2), 1 << 30);
        Claim hot = claim(0);
        Claim cold = claim(1);
        queue.put(List.of(chunk(hot, 0, 2)));
        queue.put(List.of(chunk(cold, 0, 2)));
        queue.put(List.of(chunk(hot, 2, 2)));
        queue.put(List.of(chunk(cold, 2, 2)));

        var order = new ArrayList<Claim>();
        for (int i = 0; i < 4; i++) {
            Batch batch = taken(queue);
            order.addAll(batch.records().keySet());
            queue.done(batch);
        }
        assertThat(order).containsExactly(hot, cold, hot, cold);
    }

    @Test
    @DisplayName(
            "5.2: a batch is of one partition as far as it fits, and of further ones as a whole")
    void aBatchTakesFurtherPartitionsAsAWholeOnly() throws Exception {
        WorkQueue queue = queue(atOnce(10), 1 << 30);
        Claim first = claim(0);
        Claim second = claim(1);
        Claim third = claim(2);
        queue.put(List.of(chunk(first, 0, 4)));
        queue.put(List.of(chunk(second, 0, 4)));
        queue.put(List.of(chunk(third, 0, 4)));

        assertThat(taken(queue).records().keySet()).containsExactlyInAnyOrder(first, second);
        assertThat(offsets(taken(queue), third)).containsExactly(0L, 1L, 2L, 3L);
    }

    @Test
    @DisplayName("6.2: a full batch takes no partition of which it has no room for a record")
    void aFullBatchTakesNoOffsetsWithoutRecordsOfAnother() throws Exception {
        WorkQueue queue = queue(atOnce(5), 1 << 30);
        Claim busy = claim(0);
        Claim marked = claim(1);
        queue.put(List.of(chunk(busy, 0, 6)));
        queue.put(List.of(chunk(marked, 0, 0)));

        Batch full = taken(queue);
        assertThat(full.records().keySet()).containsExactly(busy);
        assertThat(taken(queue).records().keySet()).containsExactly(marked);
    }

    @Test
    @DisplayName("5.3: a batch that is not full is taken after the wait")
    void aBatchThatIsNotFullIsTakenAfterTheWait() throws Exception {
        var limits = new BatchLimits(1_000, Duration.ofMillis(200), false, 1_000, 1 << 20);
        var queue = new WorkQueue(new Workload(2, limits, 1 << 30), System::nanoTime);
        long start = System.nanoTime();
        queue.put(List.of(chunk(claim(0), 0, 3)));
        assertThat(taken(queue).size()).isEqualTo(3);
        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .isGreaterThanOrEqualTo(Duration.ofMillis(200));
    }

    @Test
    @DisplayName("5.2: a full batch does not wait; an idle worker takes what there is")
    void aFullBatchAndAnIdleWorkerDoNotWait() throws Exception {
        for (WorkQueue queue :
                List.of(
                        queue(3, Duration.ofHours(1), false),
                        queue(1_000, Duration.ofHours(1), true))) {
            CompletableFuture<Integer> taken =
                    CompletableFuture.supplyAsync(
                            () -> {
                                try {
                                    return taken(queue).size();
                                } catch (InterruptedException e) {
                                    throw new IllegalStateException(e);
                                }
                            });
            queue.put(List.of(chunk(claim(0), 0, 3)));
            assertThat(taken.get(30, TimeUnit.SECONDS)).isEqualTo(3);
        }
    }

    @Test
    @DisplayName("Invariant I7: it is full by bytes, until half of them are gone")
    void itIsFullByBytes() throws Exception {
        WorkQueue queue = queue(atOnce(1), 4 * RECORD);
        queue.put(List.of(chunk(claim(0), 0, 1), chunk(claim(1), 0, 1), chunk(claim(2), 0, 1)));
        assertThat(queue.isFull()).isFalse();
        queue.put(List.of(chunk(claim(3), 0, 1)));
        assertThat(queue.isFull()).isTrue();
        taken(queue);
        assertThat(queue.isFull()).isTrue();
        taken(queue);
        assertThat(queue.isFull()).isFalse();
    }

    @Test
    @DisplayName(
            "Invariant I7: a partition that has its share of the room is told of before all is taken")
    void onePartitionDoesNotTakeAllTheRoom() throws Exception {
        WorkQueue queue = queue(atOnce(1), 5 * RECORD);
        Claim hot = claim(0);
        queue.put(List.of(chunk(hot, 0, 1), chunk(claim(1), 0, 1)));
        assertThat(queue.fullPartitions()).isEmpty();
        queue.put(List.of(chunk(hot, 1, 1)));
        assertThat(queue.fullPartitions()).containsExactly(hot.partition());
        assertThat(queue.isFull()).isFalse();
        taken(queue);
        assertThat(queue.fullPartitions()).isEmpty();
    }

    @Test
    @DisplayName("5.2: what has no more room is a batch, though it is less than one")
    void whatHasNoMoreRoomDoesNotWait() throws Exception {
        var limits = new BatchLimits(100, Duration.ofHours(1), false, 100, 1 << 20);
        WorkQueue queue = queue(limits, 5 * RECORD);
        Claim hot = claim(0);
        queue.put(List.of(chunk(hot, 0, 1), chunk(hot, 1, 1)));
        assertThat(queue.fullPartitions()).containsExactly(hot.partition());
        assertThat(taken(queue).size()).isEqualTo(2);

        queue.put(List.of(chunk(claim(1), 0, 1), chunk(claim(2), 0, 1), chunk(claim(3), 0, 1)));
        queue.put(List.of(chunk(claim(4), 0, 1), chunk(claim(5), 0, 1)));
        assertThat(queue.isFull()).isTrue();
        assertThat(taken(queue).size()).isEqualTo(5);
    }

    @Test
    @DisplayName("Invariant I4: nothing of a partition that was lost is taken any more")
    void nothingOfALostPartitionIsTaken() throws Exception {
        Claim lost = claim(0);
        Claim kept = claim(1);
        Chunk three = chunk(lost, 0, 3);
        WorkQueue queue = queue(atOnce(10), 2 * three.bytes());
        queue.put(List.of(three, chunk(kept, 0, 3)));
        assertThat(queue.isFull()).isTrue();
        queue.discard(lost.partition());
        assertThat(queue.isFull()).isFalse();
        assertThat(queue.fullPartitions()).containsExactly(kept.partition());
        assertThat(taken(queue).records().keySet()).containsExactly(kept);
        assertThat(queue.records()).isZero();
    }

    @Test
    @DisplayName(
            "5.4: a step over offsets without records waits for the next batch if there is no room")
    void aStepWithoutRecordsWaitsIfThereIsNoRoom() throws Exception {
        var limits = new BatchLimits(5, Duration.ofHours(1), true, 5, RECORD + 10);
        WorkQueue queue = queue(limits, 1 << 30);
        Claim claim = claim(0);
        queue.put(List.of(chunk(claim, 0, 1), chunk(claim, 1, 0)));
        Batch first = taken(queue);
        assertThat(offsets(first, claim)).containsExactly(0L);
        queue.done(first);
        Batch second = taken(queue);
        assertThat(second.isEmpty()).isFalse();
        assertThat(offsets(second, claim)).isEmpty();
    }
}
