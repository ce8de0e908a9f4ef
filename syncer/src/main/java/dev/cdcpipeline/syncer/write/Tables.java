package dev.cdcpipeline.syncer.write;

import dev.cdcpipeline.model.Namespace;
import dev.cdcpipeline.postgresql.Identifiers;
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
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.LongSupplier;

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

    /** Groups that enter one table at the same time must see each other. */
    private static final String LOCK = "select pg_advisory_xact_lock(hashtextextended(?, 0))";

    private static final String OTHER_GROUPS =
            """
            select collection, consumer_group from cdc.target
            where consumer_group <> ? and table_schema = ? and table_name = ? and collection <> ?
            order by consumer_group limit 1""";

    private static final String ENTER =
            """
            insert into cdc.target as t (consumer_group, table_schema, table_name, collection)
            values (?, ?, ?, ?) on conflict (consumer_group, table_schema, table_name)
            do update set collection = coalesce(t.collection, excluded.collection)
            returning collection, key_form is not null""";

    /** Somebody may change a table while it is written to: drop its key, give it a policy. */
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(10);

    private final Map<TableName, Known> known = new ConcurrentHashMap<>();
    private final String group;
    private final OnDroppedTable policy;
    private final Function<TableName, @Nullable Namespace> owners;
    private final KeyMigration keys;
    private final LongSupplier nanoTime;

    private record Known(TableTraits traits, long since) {}

    /**
     * @param group the consumer group, which remembers the tables that it wrote to
     * @param policy what to do where one of them is gone
     * @param owners whose rows a table gets
     */
    public Tables(
            String group, OnDroppedTable policy, Function<TableName, @Nullable Namespace> owners) {
        this(group, policy, owners, System::nanoTime);
    }

    /**
     * @param nanoTime the time
     */
    Tables(
            String group,
            OnDroppedTable policy,
            Function<TableName, @Nullable Namespace> owners,
            LongSupplier nanoTime) {
        this.group = group;
        this.policy = policy;
        this.owners = owners;
        this.keys = new KeyMigration(group);
        this.nanoTime = nanoTime;
    }

    /**
     * Makes sure that the table is there, and says what it is. Works in its own transaction on the
     * connection, which has none open, as a table must be visible to all before rows go in.
     *
     * @throws TableShapeException if a table of this name exists and is not ours to write to
     * @throws TableDroppedException if there was one, and is none any more
     * @throws TableConflictException if it has rows of another collection, from another instance,
     *     another consumer group, or before a restart
     */
    TableTraits ensure(Connection connection, TableName table) throws SQLException {
        TableTraits traits = find(connection, table);
        return traits != null ? traits : admit(connection, table, create(connection, table));
    }

    /**
     * The same, but a table that is not there is not made: null.
     *
     * @throws TableShapeException as above
     * @throws TableConflictException as above
     */
    @Nullable TableTraits find(Connection connection, TableName table) throws SQLException {
        Known seen = known.get(table);
        if (seen != null && nanoTime.getAsLong() - seen.since() < LOOK_AGAIN.toNanos()) {
            return seen.traits();
        }
        TableShape shape = TableShape.of(connection, table);
        return shape == null ? null : admit(connection, table, fit(connection, table, shape));
    }

    private TableTraits admit(Connection connection, TableName table, TableTraits traits)
            throws SQLException {
        boolean isNew = !known.containsKey(table);
        boolean recorded = !isNew || enter(connection, table);
        connection.commit();
        if (isNew) {
            keys.run(connection, table, recorded);
        }
        known.put(table, new Known(traits, nanoTime.getAsLong()));
        return traits;
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

    /** To be looked at again: somebody dropped one, or changed it. */
    void forget() {
        known.clear();
    }

    /** Makes of a table that is there one to be written to. */
    private static TableTraits fit(Connection connection, TableName table, TableShape shape)
            throws SQLException {
        TableTraits traits = shape.check(table);
        if (!shape.hasVersion()) {
            addVersion(connection, table);
        }
        return traits;
    }

    private TableTraits create(Connection connection, TableName table) throws SQLException {
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
            // Also of a new one: an event trigger may have given it anything.
            return fit(connection, table, requireThere(connection, table));
        }
    }

    private static TableShape requireThere(Connection connection, TableName table)
            throws SQLException {
        TableShape shape = TableShape.of(connection, table);
        if (shape == null) {
            throw new SQLException("the table " + table + " was made, and is not there", "42P01");
        }
        return shape;
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

    /** Returns whether the keys of its rows are known to be those of today. */
    private boolean enter(Connection connection, TableName table) throws SQLException {
        Namespace owner = owners.apply(table);
        boolean recorded;
        try (PreparedStatement lock = connection.prepareStatement(LOCK)) {
            lock.setString(1, "cdc.target " + table.quoted());
            lock.execute();
        }
        try (PreparedStatement insert = connection.prepareStatement(ENTER)) {
            bind(insert, table);
            insert.setString(4, owner == null ? null : owner.toString());
            try (ResultSet row = insert.executeQuery()) {
                row.next();
                requireSame(table, row.getString(1));
                recorded = row.getBoolean(2);
            }
        }
        if (owner != null) {
            requireNoOther(connection, table, owner.toString());
        }
        return recorded;
    }

    /** Other consumer groups may have the table too, but only for the same collection. */
    private void requireNoOther(Connection connection, TableName table, String owner)
            throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(OTHER_GROUPS)) {
            bind(query, table);
            query.setString(4, owner);
            try (ResultSet row = query.executeQuery()) {
                if (row.next()) {
                    throw TableConflictException.ofGroups(
                            table, row.getString(1), row.getString(2), owner);
                }
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
