package dev.cdcpipeline.syncer.write;

import dev.cdcpipeline.syncer.plan.RowChange;
import dev.cdcpipeline.syncer.schema.TableName;

import org.postgresql.PGConnection;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/**
 * Looks whether changes that a statement did not count were really turned away by the version guard
 * or met no row: a trigger may have dropped them, or row-level security hidden the rows, and
 * PostgreSQL says nothing of either. Works in the transaction that wrote. Stateless.
 */
final class RowCheck {
    private static final String UPSERTS =
            """
            select count(*), row_security_active(?::regclass)
            from unnest(?::text[], ?::int8[]) as u (k, v)
            where not exists (select from $table as t where t._id = u.k and t._cdc_version >= u.v)""";

    private static final String DELETES =
            """
            select count(*), row_security_active(?::regclass)
            from unnest(?::text[], ?::int8[]) as u (k, v)
            where exists (select from $table as t where t._id = u.k and t._cdc_version <= u.v)""";

    /**
     * Each of these rows must be there, as new as that or newer; returns how many are not.
     *
     * @throws TableShapeException if that cannot be seen
     */
    long missing(Connection connection, TableName table, List<RowChange.Upsert> upserts)
            throws SQLException {
        return count(connection, table, UPSERTS, upserts);
    }

    /**
     * None of these rows may be there, unless it is newer; returns how many are.
     *
     * @throws TableShapeException if that cannot be seen
     */
    long left(Connection connection, TableName table, List<RowChange.Delete> deletes)
            throws SQLException {
        return count(connection, table, DELETES, deletes);
    }

    private static long count(
            Connection connection, TableName table, String sql, List<? extends RowChange> changes)
            throws SQLException {
        int n = changes.size();
        var keys = new String[n];
        var versions = new long[n];
        for (int i = 0; i < n; i++) {
            keys[i] = changes.get(i).key();
            versions[i] = changes.get(i).version().value();
        }
        try (PreparedStatement query =
                connection.prepareStatement(sql.replace("$table", table.quoted()))) {
            var arrays = connection.unwrap(PGConnection.class);
            query.setString(1, table.quoted());
            query.setArray(2, arrays.createArrayOf("text", keys));
            query.setArray(3, arrays.createArrayOf("int8", versions));
            try (ResultSet row = query.executeQuery()) {
                row.next();
                if (row.getBoolean(2)) {
                    throw refusal(connection, table, row.getLong(1));
                }
                return row.getLong(1);
            }
        }
    }

    /**
     * What to say of changes that PostgreSQL did not make.
     *
     * @param changes how many there are
     */
    static TableShapeException refusal(Connection connection, TableName table, long changes)
            throws SQLException {
        Interference interference = Interference.of(connection, table);
        interference.check(table);
        return TableShapeException.suppressed(table, changes, interference.rowTriggers());
    }
}
