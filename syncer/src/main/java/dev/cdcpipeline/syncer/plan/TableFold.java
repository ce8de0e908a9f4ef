package dev.cdcpipeline.syncer.plan;

import dev.cdcpipeline.model.MalformedMessageException;
import dev.cdcpipeline.model.Version;
import dev.cdcpipeline.model.wire.JsonSlice;
import dev.cdcpipeline.syncer.schema.TableName;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The changes of one table, folded by row. Not thread-safe. */
final class TableFold {
    private final TableName table;
    private final Map<String, RowFold> rows = new HashMap<>();

    /** The rows as they came, which is how their documents lie in memory. */
    private final List<RowFold> arrived = new ArrayList<>();

    TableFold(TableName table) {
        this.table = table;
    }

    TableName table() {
        return table;
    }

    void put(Effect.Put put) {
        row(put.key(), put.insert()).put(put);
    }

    void remove(Effect.Remove remove) {
        row(remove.key(), false).remove(remove.version());
    }

    private RowFold row(String key, boolean startsWithInsert) {
        RowFold row = rows.get(key);
        if (row == null) {
            row = new RowFold(key, startsWithInsert);
            rows.put(key, row);
            arrived.add(row);
        }
        return row;
    }

    /** The folded changes; a document that is none is handed to {@code bad} instead. */
    TableChanges changes(DocumentFormat format, List<BadRecord> bad) {
        var deletes = new ArrayList<RowChange.Delete>();
        var upserts = new ArrayList<RowChange.Upsert>(arrived.size());
        for (RowFold fold : arrived) {
            Version delete = fold.delete();
            if (delete != null) {
                deletes.add(new RowChange.Delete(fold.key(), delete));
            }
            Effect.Put put = fold.upsert();
            if (put != null) {
                render(put, fold.likelyNew(), format, upserts, bad);
            }
        }
        deletes.sort((a, b) -> a.key().compareTo(b.key()));
        upserts.sort((a, b) -> a.key().compareTo(b.key()));
        return new TableChanges(table, deletes, upserts);
    }

    private static void render(
            Effect.Put put,
            boolean likelyNew,
            DocumentFormat format,
            List<RowChange.Upsert> upserts,
            List<BadRecord> bad) {
        try {
            JsonSlice json = format.render(put.document());
            upserts.add(new RowChange.Upsert(put.key(), put.version(), json, likelyNew));
        } catch (MalformedMessageException e) {
            int before = put.document().start() - put.origin().valueStart();
            bad.add(new BadRecord(put.origin().toRecord(), e.at(before + e.bytePosition())));
        }
    }
}
