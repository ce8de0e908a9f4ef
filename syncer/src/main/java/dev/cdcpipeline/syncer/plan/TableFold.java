package dev.cdcpipeline.syncer.plan;

import dev.cdcpipeline.model.MalformedMessageException;
import dev.cdcpipeline.model.Version;
import dev.cdcpipeline.model.wire.RenderedDocument;
import dev.cdcpipeline.syncer.schema.TableName;

import org.jspecify.annotations.Nullable;

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

    /** Whether a put must be in another batch than what is here of its row. */
    boolean mustWait(Effect.Put put) {
        RowFold row = rows.get(put.key());
        return row != null && row.mustWait(put);
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

    /**
     * The folded changes; a document that is none is handed to {@code bad} instead.
     *
     * @param room for rendered documents
     * @throws BatchTooLargeException when they are more than there is room for
     */
    TableChanges changes(DocumentFormat format, RenderingRoom room, List<BadRecord> bad) {
        var deletes = new ArrayList<RowChange.Delete>();
        var upserts = new ArrayList<RowChange.Upsert>(arrived.size());
        for (RowFold fold : arrived) {
            Version delete = fold.delete();
            if (delete != null) {
                deletes.add(new RowChange.Delete(fold.key(), delete));
            }
            Effect.Put put = fold.upsert();
            if (put != null) {
                RowChange.Upsert upsert = render(put, fold.likelyNew(), format, bad);
                if (upsert != null) {
                    room.take(put.document(), upsert.json());
                    upserts.add(upsert);
                }
            }
        }
        deletes.sort((a, b) -> a.key().compareTo(b.key()));
        upserts.sort((a, b) -> a.key().compareTo(b.key()));
        return new TableChanges(table, deletes, upserts);
    }

    private static RowChange.@Nullable Upsert render(
            Effect.Put put, boolean likelyNew, DocumentFormat format, List<BadRecord> bad) {
        try {
            RenderedDocument json = format.render(put.document());
            return new RowChange.Upsert(put.key(), put.version(), json, likelyNew, put.late());
        } catch (MalformedMessageException e) {
            int before = put.document().start() - put.origin().valueStart();
            bad.add(new BadRecord(put.origin().toRecord(), e.at(before + e.bytePosition())));
            return null;
        }
    }
}
