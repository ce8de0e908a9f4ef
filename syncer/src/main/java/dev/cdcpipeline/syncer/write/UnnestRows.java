package dev.cdcpipeline.syncer.write;

import dev.cdcpipeline.syncer.plan.RowChange;
import dev.cdcpipeline.syncer.plan.TableChanges;
import dev.cdcpipeline.syncer.schema.TableName;

import org.postgresql.PGConnection;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/** Writes the changes of a table by prepared statements over arrays. Stateless. */
final class UnnestRows {
    private static final String DELETE =
            """
            delete from $table as t using unnest(?::text[], ?::int8[]) as u (k, v)
            where t._id = u.k and t._cdc_version <= u.v""";

    private static final String UPSERT =
            """
            with written as (
                insert into $table as t (_id, doc, _cdc_version)
                select k, d::jsonb, v from unnest(?::text[], ?::text[], ?::int8[]) as u (k, d, v)
                on conflict (_id) do update
                set doc = excluded.doc, _cdc_version = excluded._cdc_version
                where t._cdc_version < excluded._cdc_version
                    or t._cdc_version = excluded._cdc_version and t.doc is distinct from excluded.doc
                returning $overwrote as overwrote)
            select count(*), count(*) filter (where overwrote) from written""";

    /** Deletes rows; returns how many were there, and not newer. */
    int delete(Connection connection, TableName table, List<RowChange.Delete> deletes)
            throws SQLException {
        return deletes.isEmpty() ? 0 : deleteAny(connection, table, deletes);
    }

    private static int deleteAny(
            Connection connection, TableName table, List<RowChange.Delete> deletes)
            throws SQLException {
        int n = deletes.size();
        var keys = new String[n];
        var versions = new long[n];
        for (int i = 0; i < n; i++) {
            keys[i] = deletes.get(i).key();
            versions[i] = deletes.get(i).version().value();
        }
        String sql = DELETE.replace("$table", table.quoted());
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            var arrays = connection.unwrap(PGConnection.class);
            statement.setArray(1, arrays.createArrayOf("text", keys));
            statement.setArray(2, arrays.createArrayOf("int8", versions));
            return statement.executeUpdate();
        }
    }

    /**
     * Writes the upserts.
     *
     * @param deleted how many rows were deleted before, for the result
     */
    TableResult upsert(Connection connection, Target target, int deleted) throws SQLException {
        TableChanges changes = target.changes();
        List<RowChange.Upsert> upserts = changes.upserts();
        if (upserts.isEmpty()) {
            return result(changes, 0, 0, deleted);
        }
        return upsertAny(connection, target, upserts, deleted);
    }

    /**
     * The statements for these changes, without any: to see whether PostgreSQL refuses those too,
     * as a trigger for each statement does.
     */
    void writeNone(Connection connection, Target target) throws SQLException {
        if (!target.changes().deletes().isEmpty()) {
            var _ = deleteAny(connection, target.changes().table(), List.of());
        }
        if (!target.changes().upserts().isEmpty()) {
            var _ = upsertAny(connection, target, List.of(), 0);
        }
    }

    private static TableResult upsertAny(
            Connection connection, Target target, List<RowChange.Upsert> upserts, int deleted)
            throws SQLException {
        TableChanges changes = target.changes();
        int n = upserts.size();
        var keys = new String[n];
        var docs = new String[n];
        var versions = new long[n];
        for (int i = 0; i < n; i++) {
            RowChange.Upsert upsert = upserts.get(i);
            keys[i] = upsert.key();
            docs[i] = upsert.json().text();
            versions[i] = upsert.version().value();
        }
        try (PreparedStatement statement = connection.prepareStatement(target.statement(UPSERT))) {
            var arrays = connection.unwrap(PGConnection.class);
            statement.setArray(1, arrays.createArrayOf("text", keys));
            statement.setArray(2, arrays.createArrayOf("text", docs));
            statement.setArray(3, arrays.createArrayOf("int8", versions));
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return result(changes, row.getLong(1), row.getLong(2), deleted);
            }
        }
    }

    private static TableResult result(
            TableChanges changes, long written, long overwritten, long deleted) {
        long stale = changes.size() - written - deleted;
        return new TableResult(
                changes.table(),
                Protocol.UNNEST,
                written - overwritten,
                overwritten,
                deleted,
                0,
                stale);
    }
}
