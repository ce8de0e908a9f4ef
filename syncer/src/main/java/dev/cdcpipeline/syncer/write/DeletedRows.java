package dev.cdcpipeline.syncer.write;

import dev.cdcpipeline.syncer.plan.Late;
import dev.cdcpipeline.syncer.plan.RowChange;
import dev.cdcpipeline.syncer.plan.TableChanges;
import dev.cdcpipeline.syncer.schema.TableName;

import org.postgresql.PGConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Deletes rows and remembers their versions, so that a change that comes late does not bring a row
 * back (I3). What is not late is not asked for. Works in the caller's transaction. Thread-safe.
 */
public final class DeletedRows {
    private static final Logger log = LoggerFactory.getLogger(DeletedRows.class);

    private static final long QUIET_NANOS = Duration.ofMinutes(1).toNanos();

    /** The first of the two keys of our advisory locks; the second is the table's number. */
    private static final int LOCKS = 0x63_64_63;

    private static final String NUMBER =
            """
            select id from cdc.target
            where consumer_group = ? and table_schema = ? and table_name = ?""";

    private static final String LOCK = "select pg_advisory_xact_lock(?, ?)";

    /** The lock is a statement of its own: the next one sees what was committed before it. */
    private static final String DELETE =
            """
            select pg_advisory_xact_lock_shared(?, ?);
            with u as (select k, v from unnest(?::text[], ?::int8[]) as u (k, v)),
            gone as (
                delete from $table as t using u where t._id = u.k and t._cdc_version <= u.v
                returning 1),
            kept as (
                insert into cdc.deleted as d (target, _id, version) select ?, k, v from u
                on conflict (target, _id) do update
                set version = excluded.version, applied_at = excluded.applied_at
                where d.version < excluded.version)
            select count(*) from gone""";

    /** Of rows that are absent those that were deleted later, or may have been, if forgotten. */
    private static final String ABSENT =
            """
            select u.k, coalesce(d.version > u.v, false)
            from unnest(?::text[], ?::int8[]) as u (k, v)
                left join cdc.deleted as d on d.target = ? and d._id = u.k
            where (d.version > u.v or u.v <= (
                    select forgotten from cdc.target
                    where consumer_group = ? and table_schema = ? and table_name = ?))
                and not exists (select from $table as t where t._id = u.k)""";

    private final Map<TableName, Integer> numbers = new ConcurrentHashMap<>();
    private final UnnestRows forgetful = new UnnestRows();
    private final AtomicLong quietUntil;
    private final String group;
    private final boolean remembers;
    private final LongSupplier nanoTime;
    private final ArrivedSweeps sweeps;

    /**
     * @param group the consumer group
     * @param remembers whether versions of deleted rows are kept
     * @param nanoTime the time, so that the log is not flooded
     */
    public DeletedRows(String group, boolean remembers, LongSupplier nanoTime) {
        this.group = group;
        this.remembers = remembers;
        this.nanoTime = nanoTime;
        this.quietUntil = new AtomicLong(nanoTime.getAsLong());
        this.sweeps = new ArrivedSweeps(group);
    }

    /**
     * What is left of a table's changes.
     *
     * @param target the table with the changes that may be made
     * @param undecided how many of them are of absent rows, whose deletes may be forgotten
     */
    record Admitted(Target target, int undecided) {}

    /**
     * Takes out the upserts of rows that were deleted or swept since. To be called before anything
     * is done to the table.
     */
    Admitted admit(Connection connection, Target target) throws SQLException {
        List<RowChange.Upsert> late =
                target.changes().upserts().stream().filter(each -> each.late() != null).toList();
        if (late.isEmpty()) {
            return new Admitted(target, 0);
        }
        TableName table = target.changes().table();
        Set<String> refused = new HashSet<>(sweeps.refused(connection, table, late));
        int undecided = remembers ? lookUp(connection, table, late, refused) : 0;
        if (undecided > 0) {
            warn(table, undecided);
        }
        return new Admitted(
                refused.isEmpty() ? target : target.with(without(target.changes(), refused)),
                undecided);
    }

    private static TableChanges without(TableChanges changes, Set<String> refused) {
        return new TableChanges(
                changes.table(),
                changes.deletes(),
                changes.upserts().stream().filter(each -> !refused.contains(each.key())).toList());
    }

    /**
     * Adds the keys of rows that were deleted since.
     *
     * @return how many rows may have been, which nothing tells any more
     */
    private int lookUp(
            Connection connection,
            TableName table,
            List<RowChange.Upsert> late,
            Set<String> refused)
            throws SQLException {
        if (late.stream().anyMatch(DeletedRows::mayBeDeletedElsewhere)) {
            lockOutDeletes(connection, table);
        }
        var undecided = new ArrayList<String>();
        try (PreparedStatement query =
                connection.prepareStatement(ABSENT.replace("$table", table.quoted()))) {
            bind(connection, query, 1, late);
            query.setInt(3, number(connection, table));
            query.setString(4, group);
            query.setString(5, table.schema());
            query.setString(6, table.table());
            try (ResultSet rows = query.executeQuery()) {
                while (rows.next()) {
                    boolean wasDeleted = rows.getBoolean(2);
                    if (wasDeleted) {
                        refused.add(rows.getString(1));
                    } else {
                        undecided.add(rows.getString(1));
                    }
                }
            }
        }
        undecided.removeAll(refused);
        return undecided.size();
    }

    private static boolean mayBeDeletedElsewhere(RowChange.Upsert upsert) {
        Late late = upsert.late();
        return late != null && !late.isOfStream();
    }

    /**
     * The document of a record without a stream may be in another partition, too, where its delete
     * is applied at this moment: neither would see the other. So one of them waits. Within a stream
     * a delete follows each late change of its document in the same partition.
     */
    private void lockOutDeletes(Connection connection, TableName table) throws SQLException {
        try (PreparedStatement lock = connection.prepareStatement(LOCK)) {
            lock.setInt(1, LOCKS);
            lock.setInt(2, number(connection, table));
            lock.execute();
        }
    }

    /** Deletes rows, and remembers it; returns how many were there, and not newer. */
    int delete(Connection connection, TableName table, List<RowChange.Delete> deletes)
            throws SQLException {
        if (deletes.isEmpty() || !remembers) {
            return forgetful.delete(connection, table, deletes);
        }
        int number = number(connection, table);
        try (PreparedStatement statement =
                connection.prepareStatement(DELETE.replace("$table", table.quoted()))) {
            statement.setInt(1, LOCKS);
            statement.setInt(2, number);
            bind(connection, statement, 3, deletes);
            statement.setInt(5, number);
            statement.execute();
            statement.getMoreResults();
            try (ResultSet row = statement.getResultSet()) {
                row.next();
                return row.getInt(1);
            }
        }
    }

    private static void bind(
            Connection connection,
            PreparedStatement statement,
            int first,
            List<? extends RowChange> changes)
            throws SQLException {
        int n = changes.size();
        var keys = new String[n];
        var versions = new long[n];
        for (int i = 0; i < n; i++) {
            keys[i] = changes.get(i).key();
            versions[i] = changes.get(i).version().value();
        }
        var arrays = connection.unwrap(PGConnection.class);
        statement.setArray(first, arrays.createArrayOf("text", keys));
        statement.setArray(first + 1, arrays.createArrayOf("int8", versions));
    }

    /** The number of a table, which was entered before rows were written to it. */
    private int number(Connection connection, TableName table) throws SQLException {
        Integer known = numbers.get(table);
        if (known != null) {
            return known;
        }
        try (PreparedStatement query = connection.prepareStatement(NUMBER)) {
            query.setString(1, group);
            query.setString(2, table.schema());
            query.setString(3, table.table());
            try (ResultSet row = query.executeQuery()) {
                if (!row.next()) {
                    throw new IllegalStateException(
                            table
                                    + " is not in cdc.target any more: somebody removed it while a"
                                    + " Syncer ran. Start the Syncer again.");
                }
                int number = row.getInt(1);
                numbers.put(table, number);
                return number;
            }
        }
    }

    private void warn(TableName table, int rows) {
        long now = nanoTime.getAsLong();
        long until = quietUntil.get();
        if (now - until >= 0 && quietUntil.compareAndSet(until, now + QUIET_NANOS)) {
            log.warn(
                    "{}: {} changes of rows that are not there came late, and are older than what is"
                            + " remembered of deleted rows (syncer.tombstones): they are written, as"
                            + " nothing tells whether their documents were deleted since. cdc verify"
                            + " finds rows that MongoDB does not have. Not said again for a minute.",
                    table,
                    rows);
        }
    }
}
