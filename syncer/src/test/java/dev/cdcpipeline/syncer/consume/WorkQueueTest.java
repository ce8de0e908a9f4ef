package dev.cdcpipeline.syncer.consume;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cdcpipeline.testkit.Gen;
import dev.cdcpipeline.testkit.Property;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;

class WorkerQueueTest {

    private static WorkerQueue queue(int maxRecords, Duration maxWait, boolean whenIdle) {
        var limits = new BatchLimits(maxRecords, maxWait, whenIdle, maxRecords, 1 << 20);
        return new WorkerQueue(limits, 10_000, System::nanoTime);
    }

    private static Chunk chunk(Claim claim, long from, int count) {
        List<ConsumerRecord<byte[], byte[]>> records =
                LongStream.range(from, from + count)
                        .mapToObj(
                                offset ->
                                        new ConsumerRecord<>(
                                                "topic", 0, offset, new byte[8], new byte[8]))
                        .toList();
        return Chunk.of(claim, records, null);
    }

    private static Claim claim(WorkerQueue queue) {
        return new Claim(new TopicPartition("topic", 0), queue);
    }

    @Test
    @DisplayName("5.1, 5.2, 5.4, Properties 12, 13: batches are bounded, in order, nothing dropped")
    void batchesAreBoundedInOrderAndComplete() {
        Property.forAll(
                200,
                Gen.ints(1, 40).list(1, 20),
                sizes -> {
                    WorkerQueue queue = queue(25, Duration.ofHours(1), false);
                    Claim claim = claim(queue);
                    long offset = 0;
                    for (int size : sizes) {
                        queue.put(List.of(chunk(claim, offset, size)));
                        offset += size;
                    }
                    queue.close();
                    var seen = new ArrayList<Long>();
                    for (Batch batch = queue.take(); batch != null; batch = queue.take()) {
                        assertThat(batch.size()).isBetween(1, 25);
                        Objects.requireNonNull(batch.records().get(claim))
                                .forEach(record -> seen.add(record.offset()));
                    }
                    assertThat(seen).isEqualTo(LongStream.range(0, offset).boxed().toList());
                    assertThat(queue.bytes()).isZero();
                });
    }

    @Test
    @DisplayName(
            "Properties 12, 13: with a backlog too, a batch keeps its bounds in records and bytes")
    void batchesOfABacklogKeepTheirBounds() {
        Property.forAll(
                200,
                Gen.ints(1, 60).list(1, 20),
                sizes -> {
                    int backlog = 1 + sizes.getFirst();
                    int maxBytes = 100 * sizes.getLast();
                    var limits = new BatchLimits(5, Duration.ofHours(1), true, backlog, maxBytes);
                    var queue = new WorkerQueue(limits, 1 << 30, System::nanoTime);
                    Claim claim = claim(queue);
                    long offset = 0;
                    for (int size : sizes) {
                        queue.put(List.of(chunk(claim, offset, size)));
                        offset += size;
                    }
                    queue.close();
                    var seen = new ArrayList<Long>();
                    for (Batch batch = queue.take(); batch != null; batch = queue.take()) {
                        var records = Objects.requireNonNull(batch.records().get(claim));
                        assertThat(batch.size()).isBetween(1, Math.max(5, backlog));
                        assertThat(
                                        batch.size() == 1
                                                || Chunk.of(claim, records, null).bytes()
                                                        <= maxBytes)
                                .isTrue();
                        records.forEach(record -> seen.add(record.offset()));
                    }
                    assertThat(seen).isEqualTo(LongStream.range(0, offset).boxed().toList());
                });
    }

    @Test
    @DisplayName("5.3: a batch that is not full is taken after the wait")
    void aBatchThatIsNotFullIsTakenAfterTheWait() throws Exception {
        WorkerQueue queue = queue(1_000, Duration.ofMillis(200), false);
        long start = System.nanoTime();
        queue.put(List.of(chunk(claim(queue), 0, 3)));
        Batch batch = Objects.requireNonNull(queue.take());
        assertThat(batch.size()).isEqualTo(3);
        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .isGreaterThanOrEqualTo(Duration.ofMillis(200));
    }

    @Test
    @DisplayName("5.2: a full batch does not wait; an idle worker takes what there is")
    void aFullBatchAndAnIdleWorkerDoNotWait() throws Exception {
        for (WorkerQueue queue :
                List.of(
                        queue(3, Duration.ofHours(1), false),
                        queue(1_000, Duration.ofHours(1), true))) {
            CompletableFuture<Integer> taken =
                    CompletableFuture.supplyAsync(
                            () -> {
                                try {
                                    return Objects.requireNonNull(queue.take()).size();
                                } catch (InterruptedException e) {
                                    throw new IllegalStateException(e);
                                }
                            });
            queue.put(List.of(chunk(claim(queue), 0, 3)));
            assertThat(taken.get(30, TimeUnit.SECONDS)).isEqualTo(3);
        }
    }

    @Test
    @DisplayName("Invariant I7: it is full by bytes, and has room when half of them are gone")
    void itIsFullByBytes() throws Exception {
        WorkerQueue queue = queue(30, Duration.ofHours(1), true);
        queue.put(List.of(chunk(claim(queue), 0, 60)));
        assertThat(queue.isFull()).isTrue();
        assertThat(queue.hasRoom()).isFalse();
        queue.take();
        assertThat(queue.isFull()).isFalse();
        queue.take();
        assertThat(queue.hasRoom()).isTrue();
    }

    @Test
    @DisplayName("Invariant I4: nothing of a partition that was lost is taken any more")
    void nothingOfALostPartitionIsTaken() throws Exception {
        WorkerQueue queue = queue(10, Duration.ofHours(1), true);
        Claim lost = claim(queue);
        Claim kept = new Claim(new TopicPartition("topic", 1), queue);
        queue.put(List.of(chunk(lost, 0, 5), chunk(kept, 0, 5)));
        lost.end();
        queue.discard(lost);
        Batch batch = Objects.requireNonNull(queue.take());
        assertThat(batch.records().keySet()).containsExactly(kept);
    }
}
