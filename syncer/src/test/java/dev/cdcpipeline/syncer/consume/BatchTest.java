package dev.cdcpipeline.syncer.consume;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cdcpipeline.model.Position;
import dev.cdcpipeline.model.ResumeToken;
import dev.cdcpipeline.model.wire.StreamId;
import dev.cdcpipeline.syncer.plan.Advance;
import dev.cdcpipeline.syncer.plan.BatchPlan;
import dev.cdcpipeline.syncer.plan.PartitionId;
import dev.cdcpipeline.syncer.plan.Progress;
import dev.cdcpipeline.syncer.plan.RecordView;
import dev.cdcpipeline.syncer.plan.Records;
import dev.cdcpipeline.syncer.plan.Stretch;
import dev.cdcpipeline.syncer.plan.Tally;
import dev.cdcpipeline.syncer.support.Polled;
import dev.cdcpipeline.testkit.Gen;
import dev.cdcpipeline.testkit.Property;

import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.LongStream;

class BatchTest {
    /** After the last record of a partition Kafka has so many offsets without records. */
    private static final int MARKERS = 2;

    /** Sizes of chunks, partition by partition. */
    private static final Gen<List<List<Integer>>> SIZES = Gen.ints(0, 5).list(1, 4).list(1, 4);

    @Test
    @DisplayName("I5, I6: halves have each record once and in order, and step to its end at last")
    void halvesHaveEachRecordOnceAndStepToTheEndAtLast() {
        Property.forAll(
                500,
                SIZES,
                sizes -> {
                    Batch batch = batch(sizes);
                    List<Batch> halves = batch.halves();
                    assertThat(halves.getFirst().size()).isEqualTo(batch.size() / 2);
                    Map<Integer, List<Long>> seen = new HashMap<>();
                    Map<Integer, Long> reached = new HashMap<>();
                    for (Batch half : halves) {
                        half.records()
                                .forEach((claim, records) -> seen(seen, claim, records, reached));
                        for (Advance advance : half.toItsEnds(plan(half)).advances()) {
                            reached.put(
                                    advance.to().partition().partition(),
                                    advance.to().nextOffset());
                        }
                    }
                    for (int i = 0; i < sizes.size(); i++) {
                        long records = sizes.get(i).stream().mapToInt(Integer::intValue).sum();
                        assertThat(seen.get(i))
                                .isEqualTo(LongStream.range(0, records).boxed().toList());
                        assertThat(reached).containsEntry(i, records + MARKERS);
                    }
                });
    }

    @Test
    @DisplayName(
            "case W3: where offsets without records follow, there may have been some: what comes"
                    + " behind is not surely joined to what was before")
    void offsetsWithoutRecordsAreAGap() {
        var partition = new TopicPartition("topic", 0);
        var id = new PartitionId(new UUID(0, 1), "topic", 0);
        var position = new Position(0, ResumeToken.ofBytes(new byte[] {(byte) 0x82, 1}));
        var stretch = new Stretch(new StreamId(1), position, position);
        for (long end : List.of(1L, 2L)) {
            var claim = new Claim(partition);
            var from = new Progress(id, 0, null);
            claim.open(from);
            var batch = new Batch();
            var records = Polled.records(partition, 0, 1);
            batch.add(new Chunk(claim, records, new OffsetAndMetadata(end)));
            var step = new Advance(from, new Progress(id, 1, stretch));
            var plan = new BatchPlan(List.of(step), List.of(), List.of(), List.of(), new Tally());

            Progress to = batch.toItsEnds(plan).advances().getFirst().to();

            assertThat(to.nextOffset()).isEqualTo(end);
            assertThat(to.stretch())
                    .isEqualTo(end == 1 ? stretch : new Stretch(new StreamId(1), null, position));
        }
    }

    /** What comes of a partition must not be behind what the ledger was told before. */
    private static void seen(
            Map<Integer, List<Long>> seen,
            Claim claim,
            List<Records> records,
            Map<Integer, Long> reached) {
        int partition = claim.partition().partition();
        List<Long> offsets = offsets(records);
        offsets.forEach(
                each ->
                        assertThat(each)
                                .isGreaterThanOrEqualTo(reached.getOrDefault(partition, 0L)));
        seen.computeIfAbsent(partition, key -> new ArrayList<>()).addAll(offsets);
    }

    private static List<Long> offsets(List<Records> records) {
        return records.stream().flatMap(Records::stream).map(RecordView::offset).toList();
    }

    private static Batch batch(List<List<Integer>> sizes) {
        var batch = new Batch();
        for (int i = 0; i < sizes.size(); i++) {
            var partition = new TopicPartition("topic", i);
            var claim = new Claim(partition);
            claim.open(new Progress(new PartitionId(new UUID(0, 1), "topic", i), 0, null));
            long offset = 0;
            for (int size : sizes.get(i)) {
                batch.add(new Chunk(claim, Polled.records(partition, offset, size), null));
                offset += size;
            }
            var end = new OffsetAndMetadata(offset + MARKERS);
            batch.add(new Chunk(claim, Polled.records(partition, offset, 0), end));
        }
        return batch;
    }

    /** Steps over the records, as planning them would give. */
    private static BatchPlan plan(Batch batch) {
        var advances = new ArrayList<Advance>();
        batch.records()
                .forEach(
                        (claim, records) -> {
                            Progress from = claim.progress();
                            List<Long> offsets = offsets(records);
                            long next = offsets.isEmpty() ? 0 : offsets.getLast() + 1;
                            var to = new Progress(from.partition(), next, null);
                            advances.add(new Advance(from, to));
                        });
        return new BatchPlan(advances, List.of(), List.of(), List.of(), new Tally());
    }
}
