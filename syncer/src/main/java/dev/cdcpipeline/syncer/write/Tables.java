package dev.cdcpipeline.syncer.write;

import dev.cdcpipeline.model.Namespace;
import dev.cdcpipeline.syncer.schema.Identifiers;
import dev.cdcpipeline.syncer.schema.TableConflictException;
import dev.cdcpipeline.syncer.schema.TableName;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** Creates the tables that are missing. Remembers those that are there. Thread-safe. */
public final class Tables {
    private static final Logger log = LoggerFactory.getLogger(Tables.class);

    private static final String WAS_WRITTEN =
            """
            select exists (select from cdc.target
            where consumer_group = ? and table_schema = ? and table_name = ?)""";

    private static final String COLLECTION =
            """
            select collection from cdc.target
            where consumer_group = ? and table_schema = ? and table_name = ?""";

    private static final String ENTER =
            """
            insert into cdc.target as t (consumer_group, table_schema, table_name, collection)
            values (?, ?, ?, ?) on conflict (consumer_group, table_schema, table_name)
            do update set collection = coalesce(t.collection, excluded.collection)
            returning collection""";

    private final Map<TableName, TableKind> known = new ConcurrentHashMap<>();
    private final String group;
    private final OnDroppedTable policy;
    private final Function<TableName, @Nullable Namespace> owners;

    /**
     * @param group the consumer group, which remembers the tables that it wrote to
     * @param policy what to do where one of them is gone
     * @param owners whose rows a table gets
     */
    public Tables(
            String group, OnDroppedTable policy, Function<TableName, @Nullable Namespace> owners) {
        this.group = group;
        this.policy = policy;
        this.owners = owners;
    }

    /**
     * Makes sure that the table is there, and says what it is. Works in its own transaction on the
     * connection, which has none open, as a table must be visible to all before rows go in.
     *
     * @throws TableShapeException if a table of this name exists and is not ours to write to
     * @throws TableDroppedException if there was one, and is none any more
     * @throws TableConflictException if it has rows of another collection, from another instance or
     *     before a restart
     */
    TableKind ensure(Connection connection, TableName table) throws SQLException {
        TableKind kind = find(connection, table);
        return kind != null ? kind : admit(connection, table, create(connection, table));
    }

    /**
     * The same, but a table that is not there is not made: null.
     *
     * @throws TableShapeException as above
     * @throws TableConflictException as above
     */
    @Nullable TableKind find(Connection connection, TableName table) throws SQLException {
        TableKind kind = known.get(table);
        if (kind != null) {
            return kind;
        }
        TableShape shape = TableShape.of(connection, table);
        return shape == null ? null : admit(connection, table, fit(connection, table, shape));
    }

    private TableKind admit(Connection connection, TableName table, TableKind kind)
            throws SQLException {
        enter(connection, table);
        connection.commit();
        known.put(table, kind);
        return kind;
    }

    /** Is there a table, whoever made it? */
    boolean exists(Connection connection, TableName table) throws SQLException {
        return known.containsKey(table) || TableShape.of(connection, table) != null;
    }

    /**
     * Asks in the caller's transaction, and not what was known before, as rows are to be deleted.
     *
     * @throws TableConflictException if the rows of the table are another collection's
     */
    void requireOwn(Connection connection, TableName table) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(COLLECTION)) {
            bind(query, table);
            try (ResultSet row = query.executeQuery()) {
                String entered = row.next() ? row.getString(1) : null;
                if (entered != null) {
                    requireSame(table, entered);
                }
            }
        }
    }

    /** To be looked at again: somebody dropped one. */
    void forget() {
        known.clear();
    }

    /** Makes of a table that is there one to be written to. */
    private static TableKind fit(Connection connection, TableName table, TableShape shape)
            throws SQLException {
        TableKind kind = shape.check(table);
        if (!shape.hasVersion()) {
            addVersion(connection, table);
        }
        return kind;
    }

    private TableKind create(Connection connection, TableName table) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            Schema.lock(statement);
            TableShape shape = TableShape.of(connection, table);
            if (shape != null) {
                return fit(connection, table, shape); // another instance's, made just now
            }
            if (wasWritten(connection, table)) {
                accept(table);
            }
            statement.execute("create schema if not exists " + Identifiers.quote(table.schema()));
            // Byte order: keys are looked up and never sorted for people, and it is the quickest.
            statement.execute(
                    "create table if not exists "
                            + table.quoted()
                            + " (_id text collate \"C\" primary key, doc jsonb not null,"
                            + " _cdc_version bigint not null)");
            return TableKind.ORDINARY;
        }
    }

    private void accept(TableName table) {
        switch (policy) {
            case FAIL -> throw new TableDroppedException(table);
            case RECREATE ->
                    log.warn("{} was dropped, its rows are lost; it is created again", table);
        }
    }

    private boolean wasWritten(Connection connection, TableName table) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(WAS_WRITTEN)) {
            bind(query, table);
            try (ResultSet row = query.executeQuery()) {
                row.next();
                return row.getBoolean(1);
            }
        }
    }

    private void enter(Connection connection, TableName table) throws SQLException {
        Namespace owner = owners.apply(table);
        try (PreparedStatement insert = connection.prepareStatement(ENTER)) {
            bind(insert, table);
            insert.setString(4, owner == null ? null : owner.toString());
            try (ResultSet row = insert.executeQuery()) {
                row.next();
                requireSame(table, row.getString(1));
            }
        }
    }

    private void requireSame(TableName table, String entered) {
        Namespace owner = owners.apply(table);
        if (owner != null && !owner.toString().equals(entered)) {
            throw new TableConflictException(table, entered, owner.toString());
        }
    }

    private void bind(PreparedStatement statement, TableName table) throws SQLException {
        statement.setString(1, group);
        statement.setString(2, table.schema());
        statement.setString(3, table.table());
    }

    private static void addVersion(Connection connection, TableName table) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            Schema.lock(statement);
            statement.execute(
                    "alter table "
                            + table.quoted()
                            + " add column if not exists _cdc_version bigint not null default 0");
        } catch (SQLException e) {
            throw MissingPrivilegeException.explainVersion(e, table);
        }
    }
}
