package dev.cdcpipeline.syncer.write;

import dev.cdcpipeline.syncer.schema.Identifiers;
import dev.cdcpipeline.syncer.schema.TableName;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Creates the tables that are missing. Remembers those that are there. Thread-safe. */
public final class Tables {
    private static final String COLUMNS =
            """
            select attname from pg_attribute
            where attrelid = to_regclass(?) and attnum > 0 and not attisdropped""";

    private final Set<TableName> known = ConcurrentHashMap.newKeySet();

    /**
     * Makes sure that the table is there. Works in its own transaction on the connection, which has
     * none open, as a table must be visible to all before rows go in.
     *
     * @throws TableShapeException if a table of this name exists and is not ours to write to
     */
    void ensure(Connection connection, TableName table) throws SQLException {
        if (known.contains(table)) {
            return;
        }
        Set<String> columns = columns(connection, table);
        if (columns.isEmpty()) {
            create(connection, table);
        } else if (!columns.contains("_id") || !columns.contains("doc")) {
            throw new TableShapeException(table, columns);
        } else if (!columns.contains("_cdc_version")) {
            addVersion(connection, table);
        }
        connection.commit();
        known.add(table);
    }

    /** Is there a table, whoever made it? */
    boolean exists(Connection connection, TableName table) throws SQLException {
        return known.contains(table) || !columns(connection, table).isEmpty();
    }

    /** To be looked at again: somebody dropped one. */
    void forget() {
        known.clear();
    }

    private static Set<String> columns(Connection connection, TableName table) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(COLUMNS)) {
            query.setString(1, table.quoted());
            var columns = new HashSet<String>();
            try (ResultSet rows = query.executeQuery()) {
                while (rows.next()) {
                    columns.add(rows.getString(1));
                }
            }
            return columns;
        }
    }

    private static void create(Connection connection, TableName table) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            Schema.lock(statement);
            statement.execute("create schema if not exists " + Identifiers.quote(table.schema()));
            // Byte order: keys are looked up and never sorted for people, and it is the quickest.
            statement.execute(
                    "create table if not exists "
                            + table.quoted()
                            + " (_id text collate \"C\" primary key, doc jsonb not null,"
                            + " _cdc_version bigint not null)");
        }
    }

    private static void addVersion(Connection connection, TableName table) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            Schema.lock(statement);
            statement.execute(
                    "alter table "
                            + table.quoted()
                            + " add column if not exists _cdc_version bigint not null default 0");
        }
    }
}
