package dev.cdcpipeline.syncer.write;

import dev.cdcpipeline.syncer.plan.RowChange;
import dev.cdcpipeline.syncer.plan.TableChanges;
import dev.cdcpipeline.syncer.schema.TableName;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** Writes the changes of a table by the protocol that fits their number (7.2, 7.4). Thread-safe. */
final class TableWriter {
    private static final String UNIQUE_VIOLATION = "23505";

    /**
     * As the text of an array, a document is in memory several times over, and PostgreSQL takes no
     * gigabyte of it: more than this goes by COPY, however few the rows are.
     */
    private static final int LARGEST_ARRAY = 1 << 20;

    private final DeletedRows deletedRows;
    private final int copyFrom;
    private final UnnestRows unnest = new UnnestRows();
    private final CopyRows copy = new CopyRows();
    private final RowCheck check = new RowCheck();
    private final StraightPath straightPath = new StraightPath();

    /**
     * @param deletedRows deletes rows and remembers it
     * @param copyFrom from so many changes on they go by COPY
     */
    TableWriter(DeletedRows deletedRows, int copyFrom) {
        this.deletedRows = deletedRows;
        this.copyFrom = copyFrom;
    }

    /**
     * Writes within the caller's transaction.
     *
     * @param careful whether to write so that no duplicate key can be met
     * @throws DuplicateRowException if one was met all the same; the transaction is void then
     * @throws TableShapeException if PostgreSQL did not make some of the changes, and did not say
     *     so
     */
    TableResult write(Connection connection, Target target, boolean careful) throws SQLException {
        DeletedRows.Admitted admitted = deletedRows.admit(connection, target);
        int refused = target.changes().size() - admitted.target().changes().size();
        return writeAll(connection, admitted.target(), careful).and(refused, admitted.undecided());
    }

    private TableResult writeAll(Connection connection, Target target, boolean careful)
            throws SQLException {
        TableChanges changes = target.changes();
        boolean triggered = target.traits().triggered();
        int deleted = deletedRows.delete(connection, changes.table(), changes.deletes());
        if (deleted < changes.deletes().size() || (triggered && deleted > 0)) {
            deleted += deleteTheLeft(connection, changes);
        }
        TableResult result = upsert(connection, target, careful, deleted);
        long upserted = result.inserted() + result.overwritten();
        if (upserted < changes.upserts().size() || (triggered && upserted > 0)) {
            requireUpserts(connection, changes);
        }
        return result;
    }

    /**
     * Deletes again what is there after the delete: it may have come since, as a late change of
     * another partition that was committed in between. Nothing comes from here on, so that what is
     * there after that was not deleted by PostgreSQL.
     */
    private int deleteTheLeft(Connection connection, TableChanges changes) throws SQLException {
        TableName table = changes.table();
        if (check.left(connection, table, changes.deletes()) == 0) {
            return 0;
        }
        try (Statement lock = connection.createStatement()) {
            lock.execute("lock table " + table.quoted() + " in share row exclusive mode");
        }
        int deleted = deletedRows.delete(connection, table, changes.deletes());
        long left = check.left(connection, table, changes.deletes());
        if (left > 0) {
            throw RowCheck.refusal(connection, table, left);
        }
        return deleted;
    }

    private void requireUpserts(Connection connection, TableChanges changes) throws SQLException {
        long missing = check.missing(connection, changes.table(), changes.upserts());
        if (missing > 0) {
            throw RowCheck.refusal(connection, changes.table(), missing);
        }
    }

    private TableResult upsert(Connection connection, Target target, boolean careful, int deleted)
            throws SQLException {
        TableChanges changes = target.changes();
        if (changes.upserts().size() < copyFrom && fitsAnArray(changes)) {
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

    private static boolean fitsAnArray(TableChanges changes) {
        long bytes = 0;
        for (RowChange.Upsert upsert : changes.upserts()) {
            bytes += upsert.json().length();
        }
        return bytes <= LARGEST_ARRAY;
    }

    /**
     * Writes no row by the statements that these changes take.
     *
     * @throws SQLException if PostgreSQL refuses even that
     */
    void writeNone(Connection connection, Target target) throws SQLException {
        unnest.writeNone(connection, target);
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
