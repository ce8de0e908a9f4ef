package dev.cdcpipeline.syncer.plan;

import dev.cdcpipeline.model.Version;
import dev.cdcpipeline.syncer.schema.TableName;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The changes of one table, folded by row. Not thread-safe. */
final class TableFold {
    private static final Comparator<RowChange> BY_KEY = Comparator.comparing(RowChange::key);

    private final TableName table;
    private final Map<String, RowFold> rows = new HashMap<>();

    TableFold(TableName table) {
        this.table = table;
    }

    void put(Effect.Put put) {
        rows.computeIfAbsent(put.key(), key -> new RowFold(put.insert())).put(put);
    }

    void remove(Effect.Remove remove) {
        rows.computeIfAbsent(remove.key(), key -> new RowFold(false)).remove(remove.version());
    }

    /** The folded changes; a document that cannot be rendered is handed to {@code bad} instead. */
    TableChanges changes(DocumentFormat format, List<BadRecord> bad) {
        var deletes = new ArrayList<RowChange.Delete>();
        var upserts = new ArrayList<RowChange.Upsert>(rows.size());
        for (var row : rows.entrySet()) {
            RowFold fold = row.getValue();
            Version delete = fold.delete();
            if (delete != null) {
                deletes.add(new RowChange.Delete(row.getKey(), delete));
            }
            Effect.Put put = fold.upsert();
            if (put != null) {
                render(put, fold.likelyNew(), format, upserts, bad);
            }
        }
        deletes.sort(BY_KEY);
        upserts.sort(BY_KEY);
        return new TableChanges(table, deletes, upserts);
    }

    private static void render(
            Effect.Put put,
            boolean likelyNew,
            DocumentFormat format,
            List<RowChange.Upsert> upserts,
            List<BadRecord> bad) {
        try {
            byte[] json = format.render(put.document());
            upserts.add(new RowChange.Upsert(put.key(), put.version(), json, likelyNew));
        } catch (UnrenderableException e) {
            bad.add(new BadRecord(put.origin(), e));
        }
    }
}
