package dev.cdcpipeline.syncer.write;

import dev.cdcpipeline.syncer.plan.RowChange;
import dev.cdcpipeline.syncer.plan.TableChanges;
import dev.cdcpipeline.syncer.schema.TableName;

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
     * @param careful whether to write so that no duplicate key can be met
     * @throws DuplicateRowException if one was met all the same; the transaction is void then
     */
    TableResult write(Connection connection, Target target, boolean careful) throws SQLException {
        TableChanges changes = target.changes();
        int deleted = unnest.delete(connection, changes.table(), changes.deletes());
        if (changes.upserts().size() < copyFrom) {
            return unnest.upsert(connection, target, deleted);
        }
        Route route = careful ? Route.ANYHOW : route(changes.table());
        try {
            TableResult result = copy.write(connection, target, route, deleted);
            if (result.protocol() == Protocol.DIRECT_COPY) {
                straightPath.succeeded(changes.table());
            }
            return result;
        } catch (SQLException e) {
            if (careful || !UNIQUE_VIOLATION.equals(e.getSQLState())) {
                throw e;
            }
            straightPath.collided(changes.table());
            throw new DuplicateRowException(e);
        }
    }

    /**
     * To be called before the next table of a transaction.
     *
     * @param before the table before it
     * @param written its result
     */
    void prepareNext(Connection connection, Target before, TableResult written)
            throws SQLException {
        boolean staged =
                switch (written.protocol()) {
                    case UNNEST -> false;
                    case STAGED_COPY -> true;
                    case DIRECT_COPY -> !allAreLikelyNew(before.changes());
                };
        if (staged) {
            copy.clearStage(connection);
        }
    }

    private static boolean allAreLikelyNew(TableChanges changes) {
        return changes.upserts().stream().allMatch(RowChange.Upsert::likelyNew);
    }

    private Route route(TableName table) {
        return straightPath.isOpen(table) ? Route.STRAIGHT : Route.STAGED;
    }
}
