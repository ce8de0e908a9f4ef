package dev.cdcpipeline.syncer.write;

import dev.cdcpipeline.syncer.plan.RowChange;
import dev.cdcpipeline.syncer.plan.TableChanges;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes the changes of a table by binary COPY. Rows that are most likely new go straight into the
 * table, the others through a staging table that each session has, and one statement. Stateless.
 */
final class CopyRows {
    /**
     * Made once a session, see {@link Pool}. Its keys have no collation of their own: those of the
     * table decide, or its index could not be used.
     */
    static final String CREATE_STAGE =
            "create temporary table if not exists cdc_stage"
                    + " (k text, d jsonb, v int8) on commit delete rows";

    /**
     * Takes rows as they are, where "on conflict" locks each of them first and says so in the
     * write-ahead log: less time, and up to a third less log (docs/performance.md). A row that
     * another session deletes meanwhile is inserted, one that it inserts is a duplicate key. MERGE
     * tells what it did from PostgreSQL 17 on.
     */
    static final String MERGE =
            """
            with written as (
                merge into $table as t using pg_temp.cdc_stage as s on t._id = s.k
                when matched and (t._cdc_version < s.v
                    or t._cdc_version = s.v and t.doc is distinct from s.d) then
                    update set doc = s.d, _cdc_version = s.v
                when not matched then
                    insert (_id, doc, _cdc_version) values (s.k, s.d, s.v)
                returning merge_action() = 'UPDATE' as overwrote)
            select count(*), count(*) filter (where overwrote) from written""";

    private static final int MERGES_SINCE = 17;

    private static final String UPSERT =
            """
            with written as (
                insert into $table as t (_id, doc, _cdc_version)
                select k, d, v from pg_temp.cdc_stage
                on conflict (_id) do update
                set doc = excluded.doc, _cdc_version = excluded._cdc_version
                where t._cdc_version < excluded._cdc_version
                    or t._cdc_version = excluded._cdc_version and t.doc is distinct from excluded.doc
                returning $overwrote as overwrote)
            select count(*), count(*) filter (where overwrote) from written""";

    /**
     * Writes the upserts.
     *
     * @param route how they get into the table
     * @param deleted how many rows were deleted before, for the result
     */
    TableResult write(Connection connection, Target target, Route route, int deleted)
            throws SQLException {
        TableChanges changes = target.changes();
        boolean straight = route == Route.STRAIGHT;
        List<RowChange.Upsert> direct = straight ? those(changes, true) : List.of();
        List<RowChange.Upsert> staged = straight ? those(changes, false) : changes.upserts();
        long written =
                direct.isEmpty()
                        ? 0
                        : copy(
                                connection,
                                changes.table().quoted() + " (_id, doc, _cdc_version)",
                                direct);
        long overwritten = 0;
        if (!staged.isEmpty()) {
            var _ = copy(connection, "pg_temp.cdc_stage (k, d, v)", staged);
            String sql = route == Route.ANYHOW || !canMerge(connection) ? UPSERT : MERGE;
            try (PreparedStatement merge = connection.prepareStatement(target.statement(sql));
                    ResultSet row = merge.executeQuery()) {
                row.next();
                written += row.getLong(1);
                overwritten = row.getLong(2);
            }
        }
        return new TableResult(
                changes.table(),
                direct.isEmpty() ? Protocol.STAGED_COPY : Protocol.DIRECT_COPY,
                written - overwritten,
                overwritten,
                deleted,
                0,
                changes.size() - written - deleted);
    }

    private static List<RowChange.Upsert> those(TableChanges changes, boolean likelyNew) {
        var those = new ArrayList<RowChange.Upsert>();
        for (RowChange.Upsert upsert : changes.upserts()) {
            if (upsert.likelyNew() == likelyNew) {
                those.add(upsert);
            }
        }
        return those;
    }

    private static boolean canMerge(Connection connection) throws SQLException {
        return connection.getMetaData().getDatabaseMajorVersion() >= MERGES_SINCE;
    }

    private static long copy(Connection connection, String columns, List<RowChange.Upsert> upserts)
            throws SQLException {
        CopyStream stream = CopyStream.into(connection, columns);
        try {
            stream.rows(upserts);
            return stream.end();
        } finally {
            stream.cancel();
        }
    }

    /**
     * Empties the stage for the next table of the same transaction. The commit empties it anyway,
     * and more cheaply: this makes new files.
     */
    void clearStage(Connection connection) throws SQLException {
        try (PreparedStatement truncate =
                connection.prepareStatement("truncate pg_temp.cdc_stage")) {
            truncate.execute();
        }
    }
}
