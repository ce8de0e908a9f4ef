package dev.cdcpipeline.syncer.consume;

import dev.cdcpipeline.syncer.plan.RecordId;

import org.apache.kafka.clients.consumer.ConsumerRecord;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Records that are written together: of each partition in the order of their offsets. */
final class Batch {
    private final Map<Claim, List<ConsumerRecord<byte[], byte[]>>> records = new LinkedHashMap<>();
    private int size;

    void add(Chunk chunk) {
        records.computeIfAbsent(chunk.claim(), key -> new ArrayList<>()).addAll(chunk.records());
        size += chunk.records().size();
    }

    void add(Claim claim, ConsumerRecord<byte[], byte[]> record) {
        records.computeIfAbsent(claim, key -> new ArrayList<>()).add(record);
        size++;
    }

    int size() {
        return size;
    }

    /** How many of its records are among these. */
    int count(Set<RecordId> some) {
        return some.isEmpty()
                ? 0
                : (int)
                        records.values().stream()
                                .flatMap(List::stream)
                                .filter(record -> some.contains(RecordId.of(record)))
                                .count();
    }

    Map<Claim, List<ConsumerRecord<byte[], byte[]>>> records() {
        return records;
    }

    /** Leaves out the claims that have ended. */
    Batch live() {
        var live = new Batch();
        records.forEach(
                (claim, list) -> {
                    if (!claim.hasEnded()) {
                        live.records.put(claim, list);
                        live.size += list.size();
                    }
                });
        return live;
    }

    /** Two batches which, one after the other, are this one; at least two records. */
    List<Batch> halves() {
        var first = new Batch();
        var second = new Batch();
        int half = size / 2;
        records.forEach(
                (claim, list) ->
                        list.forEach(
                                record -> (first.size < half ? first : second).add(claim, record)));
        return List.of(first, second);
    }
}
