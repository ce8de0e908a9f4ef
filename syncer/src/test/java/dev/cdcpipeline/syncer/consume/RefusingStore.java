package dev.cdcpipeline.syncer.consume;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cdcpipeline.model.Version;
import dev.cdcpipeline.syncer.plan.BatchPlan;
import dev.cdcpipeline.syncer.plan.RowChange;
import dev.cdcpipeline.syncer.plan.TableChanges;
import dev.cdcpipeline.syncer.support.ModelStore;
import dev.cdcpipeline.syncer.write.BatchStore;
import dev.cdcpipeline.syncer.write.Outcome;
import dev.cdcpipeline.syncer.write.RefusedRowsException;

import org.bson.BsonBoolean;
import org.bson.BsonDocument;

import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;

/**
 * A store that refuses some documents, and with them all of the batch, as PostgreSQL does by a
 * check constraint; and that sees each row's versions rise. Not thread-safe.
 */
final class RefusingStore implements BatchStore {
    private static final String CHECK_VIOLATION = "23514";
    private static final String REFUSED = "refused";

    private final ModelStore rows;
    private final Map<String, Version> written = new HashMap<>();
    private long writes;

    /**
     * @param rows has what is not refused
     */
    RefusingStore(ModelStore rows) {
        this.rows = rows;
    }

    /** The document as one that is refused. */
    static BsonDocument refused(BsonDocument document) {
        return document.append(REFUSED, BsonBoolean.TRUE);
    }

    @Override
    public Outcome write(BatchPlan plan) throws SQLException {
        writes++;
        for (TableChanges table : plan.tables()) {
            for (RowChange.Upsert upsert : table.upserts()) {
                if (upsert.json().text().contains(REFUSED)) {
                    throw new RefusedRowsException(
                            new SQLException("violates a check constraint", CHECK_VIOLATION));
                }
            }
        }
        for (TableChanges table : plan.tables()) {
            table.deletes().forEach(this::note);
            table.upserts().forEach(this::note);
        }
        return rows.write(plan);
    }

    private void note(RowChange change) {
        Version before = written.put(change.key(), change.version());
        assertThat(before == null || before.compareTo(change.version()) < 0).isTrue();
    }

    /** The rows: key to value. */
    Map<String, String> values() {
        return rows.values();
    }

    /** How often a batch came. */
    long writes() {
        return writes;
    }
}
