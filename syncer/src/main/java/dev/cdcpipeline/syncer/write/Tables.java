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
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** Creates the tables that are missing. Remembers those that are there. Thread-safe. */
public final class Tables {
    private static final Logger log = LoggerFactory.getLogger(Tables.class);
    private static final String COLUMNS =
            """
            select attname from pg_attribute
            where attrelid = to_regclass(?) and attnum > 0 and not attisdropped""";

    /** By which "on conflict" finds a row; a view is its table's business. */
    private static final String HAS_KEY =
            """
            select relkind not in ('r', 'p') or exists (
                select from pg_index i join pg_attribute a on a.attrelid = i.indrelid
                where i.indrelid = c.oid and a.attname = '_id' and i.indnkeyatts = 1 and i.indkey[0] = a.attnum
                    and i.indisunique and i.indimmediate and i.indisvalid and i.indpred is null)
            from pg_class c where oid = to_regclass(?)""";

    private static final String WAS_WRITTEN =
            """
            select exists (select from cdc.target
            where consumer_group = ? and table_schema = ? and table_name = ?)""";

    private static final String ENTER =
            """
            insert into cdc.target as t (consumer_group, table_schema, table_name, collection)
            values (?, ?, ?, ?) on conflict (consumer_group, table_schema, table_name)
            do update set collection = coalesce(t.collection, excluded.collection)
            returning collection""";

    private final Set<TableName> known = ConcurrentHashMap.newKeySet();
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
     * Makes sure that the table is there. Works in its own transaction on the connection, which has
     * none open, as a table must be visible to all before rows go in.
     *
     * @throws TableShapeException if a table of this name exists and is not ours to write to
     * @throws TableDroppedException if there was one, and is none any more
     * @throws TableConflictException if it has rows of another collection, from another instance or
     *     before a restart
     */
    void ensure(Connection connection, TableName table) throws SQLException {
        if (known.contains(table)) {
            return;
        }
        Set<String> columns = columns(connection, table);
        if (columns.isEmpty()) {
            create(connection, table);
        } else if (!columns.contains("_id") || !columns.contains("doc")) {
            throw TableShapeException.columns(table, columns);
        } else if (!hasKey(connection, table)) {
            throw TableShapeException.noKey(table);
        } else if (!columns.contains("_cdc_version")) {
            addVersion(connection, table);
        }
        enter(connection, table);
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

    private static boolean hasKey(Connection connection, TableName table) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(HAS_KEY)) {
            query.setString(1, table.quoted());
            try (ResultSet row = query.executeQuery()) {
                return row.next() && row.getBoolean(1);
            }
        }
    }

    private void create(Connection connection, TableName table) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            Schema.lock(statement);
            if (columns(connection, table).isEmpty() && wasWritten(connection, table)) {
                accept(table); // under the lock: else it may be another instance's, made just now
            }
            statement.execute("create schema if not exists " + Identifiers.quote(table.schema()));
            // Byte order: keys are looked up and never sorted for people, and it is the quickest.
            statement.execute(
                    "create table if not exists "
                            + table.quoted()
                            + " (_id text collate \"C\" primary key, doc jsonb not null,"
                            + " _cdc_version bigint not null)");
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
        String collection = owner == null ? null : owner.toString();
        try (PreparedStatement insert = connection.prepareStatement(ENTER)) {
            bind(insert, table);
            insert.setString(4, collection);
            try (ResultSet row = insert.executeQuery()) {
                row.next();
                String entered = row.getString(1);
                if (collection != null && !collection.equals(entered)) {
                    throw new TableConflictException(table, entered, collection);
                }
            }
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
