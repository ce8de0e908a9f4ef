package dev.cdcpipeline.syncer.write;

import dev.cdcpipeline.syncer.plan.TableChanges;

import java.sql.Connection;
import java.sql.SQLException;

/** Writes the changes of a table by the protocol that fits their number (7.2, 7.4). Thread-safe. */
final class TableWriter {
    private static final String UNIQUE_VIOLATION = "23505";

    private final int copyFrom;
    private final UnnestRows unnest = new UnnestRows();
    private final CopyRows copy = new CopyRows();
    private final StraightPath straightPath = new StraightPath();

    /**
     * @param copyFrom from so many changes on they go by COPY
     */
    TableWriter(int copyFrom) {
        this.copyFrom = copyFrom;
    }

    /**
     * Writes within the caller's transaction.
     *
     * @param mayGoStraight whether rows that look new may go straight into the table
     * @throws DuplicateRowException if one was not; the transaction is void then
     */
    TableResult write(Connection connection, TableChanges changes, boolean mayGoStraight)
            throws SQLException {
        int deleted = unnest.delete(connection, changes.table(), changes.deletes());
        if (changes.upserts().size() < copyFrom) {
            return unnest.upsert(connection, changes, deleted);
        }
        if (!mayGoStraight || !straightPath.isOpen(changes.table())) {
            return copy.write(connection, changes, false, deleted);
        }
        try {
            TableResult result = copy.write(connection, changes, true, deleted);
            straightPath.succeeded(changes.table());
            return result;
        } catch (SQLException e) {
            if (UNIQUE_VIOLATION.equals(e.getSQLState())) {
                straightPath.collided(changes.table());
                throw new DuplicateRowException(e);
            }
            throw e;
        }
    }
}
