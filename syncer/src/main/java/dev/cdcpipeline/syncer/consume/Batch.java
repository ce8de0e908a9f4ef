package dev.cdcpipeline.syncer.consume;

import dev.cdcpipeline.syncer.plan.Advance;
import dev.cdcpipeline.syncer.plan.BatchPlan;
import dev.cdcpipeline.syncer.plan.PartitionId;
import dev.cdcpipeline.syncer.plan.Progress;
import dev.cdcpipeline.syncer.plan.RecordId;
import dev.cdcpipeline.syncer.plan.RecordView;
import dev.cdcpipeline.syncer.plan.Records;

import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Records that are written together: of each partition in the order of their offsets. It may have
 * none of a partition, and say only that Kafka has none up to an offset.
 */
final class Batch {
    private final Map<Claim, List<Records>> records = new LinkedHashMap<>();
    private final Map<Claim, OffsetAndMetadata> ends = new HashMap<>();
    private int size;
    private long bytes;

    void add(Chunk chunk) {
        bytes += chunk.bytes();
        add(chunk.claim(), chunk.records());
        end(chunk.claim(), chunk.end());
    }

    private void add(Claim claim, Records some) {
        records.computeIfAbsent(claim, key -> new ArrayList<>()).add(some);
        size += some.size();
    }

    private void end(Claim claim, @Nullable OffsetAndMetadata end) {
        if (end != null) {
            ends.put(claim, end);
        }
    }

    /** Nothing to do, not even for the ledger. */
    boolean isEmpty() {
        return records.isEmpty();
    }

    /** Its first record; there must be one. */
    RecordView first() {
        return views().findFirst().orElseThrow();
    }

    private Stream<RecordView> views() {
        return records.values().stream().flatMap(List::stream).flatMap(Records::stream);
    }

    int size() {
        return size;
    }

    /** The memory that the chunks which were added take. */
    long bytes() {
        return bytes;
    }

    /** How many of its records are among these. */
    int count(Set<RecordId> some) {
        return some.isEmpty()
                ? 0
                : (int) views().filter(record -> some.contains(record.id())).count();
    }

    Map<Claim, List<Records>> records() {
        return records;
    }

    /**
     * The plan of its records, with steps over what follows them in Kafka without being a record,
     * such as the markers of transactions: when Kafka deletes those, nothing is missing (I5).
     */
    BatchPlan toItsEnds(BatchPlan plan) {
        if (plan.tally().endsEarly()) {
            return plan;
        }
        Map<PartitionId, OffsetAndMetadata> byPartition = new HashMap<>();
        ends.forEach((claim, end) -> byPartition.put(claim.progress().partition(), end));
        List<Advance> advances =
                plan.advances().stream()
                        .map(each -> toEnd(each, byPartition.get(each.to().partition())))
                        .toList();
        return new BatchPlan(advances, plan.tables(), plan.sweeps(), plan.bad(), plan.tally());
    }

    private static Advance toEnd(Advance advance, @Nullable OffsetAndMetadata end) {
        Progress to = advance.to();
        if (end == null || end.offset() <= to.nextOffset()) {
            return advance;
        }
        int epoch = end.leaderEpoch().orElse(to.leaderEpoch());
        return new Advance(advance.from(), to.passTo(end.offset(), epoch));
    }

    /** Leaves out the claims that have ended. */
    Batch live() {
        var live = new Batch();
        records.forEach(
                (claim, list) -> {
                    if (!claim.hasEnded()) {
                        list.forEach(each -> live.add(claim, each));
                        live.end(claim, ends.get(claim));
                    }
                });
        return live;
    }

    /** Gives the memory of its records back: nobody has them, or a part of them, any more. */
    void release() {
        records.values().forEach(each -> each.forEach(Records::release));
    }

    /** Two batches which, one after the other, are this one; at least two records. */
    List<Batch> halves() {
        var first = new Batch();
        var second = new Batch();
        int half = size / 2;
        records.forEach(
                (claim, list) -> {
                    for (Records each : list) {
                        int count = Math.min(each.size(), half - first.size);
                        if (count > 0) {
                            first.add(claim, each.first(count));
                        }
                        if (count < each.size() || each.isEmpty()) {
                            second.add(claim, each.after(count));
                        }
                    }
                    (second.records.containsKey(claim) ? second : first)
                            .end(claim, ends.get(claim));
                });
        return List.of(first, second);
    }
}
