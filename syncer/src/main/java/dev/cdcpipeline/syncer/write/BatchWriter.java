package dev.cdcpipeline.syncer.write;

import dev.cdcpipeline.syncer.plan.BatchPlan;
import dev.cdcpipeline.syncer.plan.PartitionId;
import dev.cdcpipeline.syncer.plan.SweepMark;
import dev.cdcpipeline.syncer.plan.TableChanges;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import javax.sql.DataSource;

/**
 * Does the plan of a batch in one transaction: the ledger's compare-and-set first, then the rows,
 * then the commit (I2, I4). Thread-safe; each call takes a connection of its own and waits for one
 * while all are taken.
 */
public final class BatchWriter implements BatchStore {
    private static final String UNDEFINED_TABLE = "42P01";

    private final DataSource pool;
    private final Ledger ledger;
    private final Tables tables;
    private final Sweeper sweeper;
    private final TableWriter rows;

    /**
     * @param pool connections, with autocommit off
     * @param ledger the ledger of the consumer group
     * @param tables creates what is missing
     * @param sweeper what becomes of sweep markers
     * @param copyFrom from so many changes of a table on they go by COPY
     */
    public BatchWriter(
            DataSource pool, Ledger ledger, Tables tables, Sweeper sweeper, int copyFrom) {
        this.pool = pool;
        this.ledger = ledger;
        this.tables = tables;
        this.sweeper = sweeper;
        this.rows = new TableWriter(copyFrom);
    }

    @Override
    public Outcome write(BatchPlan plan) throws SQLException {
        try {
            return writeOnce(plan);
        } catch (SQLException e) {
            if (!UNDEFINED_TABLE.equals(e.getSQLState())) {
                throw e;
            }
            tables.forget(); // somebody dropped one: looking at them again, it is found
            return writeOnce(plan);
        }
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
        var targets = new ArrayList<Target>(plan.tables().size());
        for (TableChanges changes : plan.tables()) {
            targets.add(new Target(changes, tables.ensure(connection, changes.table())));
        }
        for (SweepMark mark : plan.sweeps()) {
            sweeper.prepare(connection, mark);
        }
        return targets;
    }

    private Outcome write(
            Connection connection, BatchPlan plan, List<Target> targets, boolean careful)
            throws SQLException {
        Set<PartitionId> fenced = ledger.advance(connection, plan.advances());
        if (!fenced.isEmpty()) {
            connection.rollback();
            return new Outcome.Fenced(fenced);
        }
        var results = new ArrayList<TableResult>();
        for (Target target : targets) {
            if (!results.isEmpty()) {
                rows.prepareNext(connection, targets.get(results.size() - 1), results.getLast());
            }
            results.add(rows.write(connection, target, careful));
        }
        results.addAll(sweep(connection, plan.sweeps()));
        connection.commit();
        return new Outcome.Written(results);
    }

    private List<TableResult> sweep(Connection connection, List<SweepMark> marks)
            throws SQLException {
        var results = new ArrayList<TableResult>();
        for (SweepMark mark : marks) {
            long swept = sweeper.arrived(connection, mark);
            if (swept > 0) {
                results.add(new TableResult(mark.table(), Protocol.UNNEST, 0, 0, 0, swept, 0));
            }
        }
        return results;
    }
}
