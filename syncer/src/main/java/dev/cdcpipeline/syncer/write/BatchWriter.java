package dev.cdcpipeline.syncer.write;

import dev.cdcpipeline.platform.failure.Classifier;
import dev.cdcpipeline.platform.failure.Explained;
import dev.cdcpipeline.platform.failure.Reaction;
import dev.cdcpipeline.postgresql.PostgresErrors;
import dev.cdcpipeline.syncer.plan.Advance;
import dev.cdcpipeline.syncer.plan.BatchPlan;
import dev.cdcpipeline.syncer.plan.PartitionId;
import dev.cdcpipeline.syncer.plan.Progress;
import dev.cdcpipeline.syncer.plan.SweepMark;
import dev.cdcpipeline.syncer.plan.TableChanges;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import javax.sql.DataSource;

/**
 * Does the plan of a batch in one transaction: the ledger's compare-and-set first, then the rows,
 * then the commit (I2, I4). What PostgreSQL refuses at the rows or at the commit may be a record's
 * fault, and nothing else is: see {@link RefusedRowsException}. Thread-safe; each call takes a
 * connection of its own and waits for one while all are taken.
 */
public final class BatchWriter implements BatchStore {
    private final DataSource pool;
    private final Ledger ledger;
    private final Tables tables;
    private final Sweeper sweeper;
    private final TableWriter rows;
    private final Classifier classifier = new Classifier(new PostgresErrors());

    /**
     * @param pool connections, with autocommit off
     * @param ledger the ledger of the consumer group
     * @param tables creates what is missing
     * @param sweeper what becomes of sweep markers
     * @param deletedRows deletes rows and remembers it
     * @param copyFrom from so many changes of a table on they go by COPY
     */
    public BatchWriter(
            DataSource pool,
            Ledger ledger,
            Tables tables,
            Sweeper sweeper,
            DeletedRows deletedRows,
            int copyFrom) {
        this.pool = pool;
        this.ledger = ledger;
        this.tables = tables;
        this.sweeper = sweeper;
        this.rows = new TableWriter(deletedRows, copyFrom);
    }

    @Override
    public Outcome write(BatchPlan plan) throws SQLException {
        try {
            return writeOnce(plan);
        } catch (TableShapeException | SQLException e) {
            if (!mayTablesHaveChanged(e)) {
                throw e;
            }
            tables.forget(); // looking at them again, what was done to one is found
            return isLedgerGone() ? new Outcome.Fenced(partitions(plan)) : writeOnce(plan);
        }
    }

    /** Since they were looked at last: one was dropped, or lost its key, or got a policy. */
    private boolean mayTablesHaveChanged(Exception e) {
        return e instanceof TableShapeException
                || (e instanceof SQLException sql
                        && sql.getSQLState() != null
                        && classifier.reaction(e) == Reaction.STOP);
    }

    /**
     * With the Syncer's own tables: then it starts over, as at the first start (I5).
     *
     * @throws TableShapeException if they are there and something keeps them from moving
     */
    private boolean isLedgerGone() throws SQLException {
        try (Connection connection = pool.getConnection()) {
            Schema.checkOwnTables(connection);
            return !ledger.exists(connection);
        }
    }

    private static Set<PartitionId> partitions(BatchPlan plan) {
        return plan.advances().stream()
                .map(Advance::from)
                .map(Progress::partition)
                .collect(Collectors.toUnmodifiableSet());
    }

    private Outcome writeOnce(BatchPlan plan) throws SQLException {
        try (Connection connection = pool.getConnection()) {
            return write(connection, plan);
        } catch (SQLException e) {
            throw MissingPrivilegeException.explain(e);
        }
    }

    private Outcome write(Connection connection, BatchPlan plan) throws SQLException {
        List<Target> targets = prepare(connection, plan);
        try {
            return write(connection, plan, targets, false);
        } catch (DuplicateRowException e) {
            connection.rollback();
            return write(connection, plan, targets, true);
        }
    }

    private List<Target> prepare(Connection connection, BatchPlan plan) throws SQLException {
        try {
            var targets = new ArrayList<Target>(plan.tables().size());
            for (TableChanges changes : plan.tables()) {
                targets.add(new Target(changes, tables.ensure(connection, changes.table())));
            }
            for (SweepMark mark : plan.sweeps()) {
                sweeper.prepare(connection, mark);
            }
            return targets;
        } catch (SQLException e) {
            throw withoutRows("to look at a table, or to make it", e);
        }
    }

    private Outcome write(
            Connection connection, BatchPlan plan, List<Target> targets, boolean careful)
            throws SQLException {
        Set<PartitionId> fenced = advance(connection, plan);
        if (!fenced.isEmpty()) {
            connection.rollback();
            return new Outcome.Fenced(fenced);
        }
        List<TableResult> results = writeRows(connection, plan, targets, careful);
        results.addAll(sweep(connection, plan.sweeps()));
        commit(connection, plan, targets);
        return new Outcome.Written(results);
    }

    private Set<PartitionId> advance(Connection connection, BatchPlan plan) throws SQLException {
        try {
            return ledger.advance(connection, plan.advances());
        } catch (SQLException e) {
            throw withoutRows("to move the ledger", e);
        }
    }

    private List<TableResult> writeRows(
            Connection connection, BatchPlan plan, List<Target> targets, boolean careful)
            throws SQLException {
        var results = new ArrayList<TableResult>();
        for (Target target : targets) {
            try {
                if (!results.isEmpty()) {
                    rows.prepareNext(
                            connection, targets.get(results.size() - 1), results.getLast());
                }
                results.add(rows.write(connection, target, careful));
            } catch (DuplicateRowException e) {
                throw e;
            } catch (SQLException e) {
                throw refusedRows(connection, plan, targets, e);
            }
        }
        return results;
    }

    /** What is put off until the commit is checked then: constraints, and triggers. */
    private void commit(Connection connection, BatchPlan plan, List<Target> targets)
            throws SQLException {
        try {
            connection.commit();
        } catch (SQLException e) {
            throw targets.isEmpty()
                    ? withoutRows("to commit what has no rows", e)
                    : refusedRows(connection, plan, targets, e);
        }
    }

    /** Of a single change it is looked whether PostgreSQL refuses the same without it. */
    private SQLException refusedRows(
            Connection connection, BatchPlan plan, List<Target> targets, SQLException e)
            throws SQLException {
        if (classifier.reaction(e) != Reaction.DEAD_LETTER) {
            return explained("to write to a table", e);
        }
        if (targets.size() == 1 && targets.getFirst().changes().size() == 1) {
            try {
                connection.rollback();
                writeNone(connection, plan, targets.getFirst());
            } catch (SQLException alsoWithout) {
                return withoutRows(
                        "to write any row to the table " + targets.getFirst().changes().table(),
                        alsoWithout);
            }
        }
        return new RefusedRowsException(e);
    }

    private void writeNone(Connection connection, BatchPlan plan, Target target)
            throws SQLException {
        var _ = ledger.advance(connection, plan.advances());
        rows.writeNone(connection, target);
        try (Statement now = connection.createStatement()) {
            now.execute("set constraints all immediate"); // as at the commit
        }
        connection.rollback();
    }

    private List<TableResult> sweep(Connection connection, List<SweepMark> marks)
            throws SQLException {
        var results = new ArrayList<TableResult>();
        for (SweepMark mark : marks) {
            long swept = arrived(connection, mark);
            if (swept > 0) {
                results.add(new TableResult(mark.table(), Protocol.UNNEST, 0, 0, 0, swept, 0));
            }
        }
        return results;
    }

    /** Without the sweep a whole table would be wrong: its marker is never set aside. */
    private long arrived(Connection connection, SweepMark mark) throws SQLException {
        try {
            return sweeper.arrived(connection, mark);
        } catch (SQLException e) {
            throw explained(
                    "to delete the rows of %s that its collection no longer has"
                            .formatted(mark.table()),
                    e);
        }
    }

    private SQLException withoutRows(String doing, SQLException e) {
        return isPlain(e) ? RefusedStatementException.withoutRows(doing, e) : e;
    }

    private SQLException explained(String doing, SQLException e) {
        return isPlain(e) ? RefusedStatementException.onRows(doing, e) : e;
    }

    /** Neither explained, nor to be tried again, nor of a missing privilege, which is explained. */
    private boolean isPlain(SQLException e) {
        return !(e instanceof Explained)
                && e.getSQLState() != null
                && !PostgresErrors.INSUFFICIENT_PRIVILEGE.equals(e.getSQLState())
                && classifier.reaction(e) != Reaction.RETRY;
    }
}
