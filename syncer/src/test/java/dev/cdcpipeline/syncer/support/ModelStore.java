package dev.cdcpipeline.syncer.support;

import dev.cdcpipeline.syncer.plan.Advance;
import dev.cdcpipeline.syncer.plan.BatchPlan;
import dev.cdcpipeline.syncer.plan.Late;
import dev.cdcpipeline.syncer.plan.PartitionId;
import dev.cdcpipeline.syncer.plan.Progress;
import dev.cdcpipeline.syncer.plan.RowChange;
import dev.cdcpipeline.syncer.plan.SweepMark;
import dev.cdcpipeline.syncer.plan.TableChanges;
import dev.cdcpipeline.syncer.schema.TableName;
import dev.cdcpipeline.syncer.write.BatchStore;
import dev.cdcpipeline.syncer.write.Outcome;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A model in memory of what PostgreSQL does with plans; one topic. Not thread-safe. */
public final class ModelStore implements BatchStore {
    private record Row(long version, String json) {}

    /** Where something is, in a table. */
    private record In<T>(TableName table, T what) {}

    private final Map<In<String>, Row> rows = new HashMap<>();
    private final Map<PartitionId, Progress> ledger = new HashMap<>();
    private final Map<In<Integer>, Long> swept = new HashMap<>();
    private final Map<In<String>, Long> deleted = new HashMap<>();
    private final int partitions;

    /** An empty one. */
    public ModelStore(List<PartitionId> partitions) {
        this.partitions = partitions.size();
        partitions.forEach(id -> ledger.put(id, new Progress(id, 0, null)));
    }

    /** A copy, to which a database may be restored. */
    public ModelStore copy() {
        var copy = new ModelStore(List.copyOf(ledger.keySet()));
        copy.restore(this);
        return copy;
    }

    /** Rows and ledger become together what they were. */
    public void restore(ModelStore backup) {
        put(rows, backup.rows);
        put(ledger, backup.ledger);
        put(swept, backup.swept);
        put(deleted, backup.deleted);
    }

    private static <K, V> void put(Map<K, V> here, Map<K, V> others) {
        here.clear();
        here.putAll(others);
    }

    /** What the ledger says. */
    public Progress progress(PartitionId partition) {
        Progress progress = ledger.get(partition);
        if (progress == null) {
            throw new AssertionError("no " + partition);
        }
        return progress;
    }

    @Override
    public Outcome write(BatchPlan plan) {
        Set<PartitionId> fenced = new HashSet<>();
        for (Advance advance : plan.advances()) {
            PartitionId id = advance.from().partition();
            if (progress(id).nextOffset() != advance.from().nextOffset()) {
                fenced.add(id);
            }
        }
        if (!fenced.isEmpty()) {
            return new Outcome.Fenced(fenced);
        }
        plan.advances().forEach(each -> ledger.put(each.to().partition(), each.to()));
        plan.tables().forEach(this::apply);
        plan.sweeps().forEach(this::apply);
        return new Outcome.Written(List.of());
    }

    /** What is refused is found before anything is done, as {@code DeletedRows} does. */
    private void apply(TableChanges changes) {
        Set<String> refused =
                changes.upserts().stream()
                        .filter(each -> isRefused(each, new In<>(changes.table(), each.key())))
                        .map(RowChange.Upsert::key)
                        .collect(Collectors.toSet());
        for (RowChange.Delete delete : changes.deletes()) {
            var key = new In<>(changes.table(), delete.key());
            Row row = rows.get(key);
            if (row != null && row.version() <= delete.version().value()) {
                rows.remove(key);
            }
            deleted.merge(key, delete.version().value(), Math::max);
        }
        for (RowChange.Upsert upsert : changes.upserts()) {
            var key = new In<>(changes.table(), upsert.key());
            Row row = rows.get(key);
            long version = upsert.version().value();
            if ((row == null || row.version() <= version) && !refused.contains(upsert.key())) {
                rows.put(key, new Row(version, upsert.json().text()));
            }
        }
    }

    private boolean isRefused(RowChange.Upsert upsert, In<String> key) {
        Late late = upsert.late();
        if (late == null) {
            return false;
        }
        long version = upsert.version().value();
        boolean wasDeleted = !rows.containsKey(key) && deleted.getOrDefault(key, 0L) > version;
        long sweep = swept.getOrDefault(new In<>(key.table(), late.partition().partition()), 0L);
        return wasDeleted || (!late.isCopy() && sweep > version);
    }

    private void apply(SweepMark mark) {
        long version = mark.version().value();
        var place = new In<>(mark.table(), mark.partition().partition());
        if ((!mark.everywhere() && partitions > 1) || swept.getOrDefault(place, 0L) >= version) {
            return;
        }
        swept.put(place, version);
        if (places(mark.table(), version) == partitions) {
            rows.entrySet()
                    .removeIf(
                            row ->
                                    row.getKey().table().equals(mark.table())
                                            && row.getValue().version() < version);
        }
    }

    /** In how many partitions a sweep of the table, or a later one, has arrived. */
    private long places(TableName table, long version) {
        return swept.entrySet().stream()
                .filter(each -> each.getKey().table().equals(table) && each.getValue() >= version)
                .count();
    }

    /** The rows, of all tables: key to the field {@code value}. */
    public Map<String, String> values() {
        var values = new TreeMap<String, String>();
        rows.forEach(
                (key, row) ->
                        values.put(
                                key.what(), row.json().replaceAll(".*\"value\": ?(\\d+).*", "$1")));
        return values;
    }
}
