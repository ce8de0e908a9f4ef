package dev.cdcpipeline.syncer.write;

import dev.cdcpipeline.syncer.schema.TableName;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** The Syncer's own tables, in the schema {@code cdc}. */
final class Schema {
    /** An arbitrary number that all instances use, so that only one creates things at a time. */
    private static final long DDL_LOCK = 0x6364635f64646cL;

    private static final String[] OWN_TABLES = {
        "create schema if not exists cdc",
        """
        create table if not exists cdc.ledger (
            consumer_group text not null,
            topic_id uuid not null,
            partition int not null,
            topic text not null,
            next_offset bigint not null,
            generation bigint,
            position bytea,
            stream bigint,
            since bytea,
            as_of bigint,
            newest_removal bigint not null default 0,
            leader_epoch int not null default -1,
            updated_at timestamptz not null default now(),
            primary key (consumer_group, topic_id, partition)
        ) with (fillfactor = 50)""",
        "alter table cdc.ledger add column if not exists leader_epoch int not null default -1",
        """
        alter table cdc.ledger add column if not exists stream bigint,
            add column if not exists since bytea,
            add column if not exists as_of bigint,
            add column if not exists newest_removal bigint not null default 0""",
        """
        comment on table cdc.ledger is
        'How far each Kafka partition has been applied. Moves in the transaction of the rows; do not edit while a Syncer runs.'""",
        """
        create table if not exists cdc.topic (
            consumer_group text not null,
            topic_id uuid not null,
            topic text not null,
            partitions int not null,
            primary key (consumer_group, topic_id)
        )""",
        """
        comment on table cdc.topic is
        'How many partitions each topic had when it was first applied. More of them break the order of documents.'""",
        """
        create table if not exists cdc.target (
            consumer_group text not null,
            table_schema text not null,
            table_name text not null,
            collection text,
            key_form text,
            id int generated always as identity,
            forgotten bigint not null default 0,
            primary key (consumer_group, table_schema, table_name)
        )""",
        "alter table cdc.target add column if not exists collection text",
        "alter table cdc.target add column if not exists key_form text",
        """
        alter table cdc.target add column if not exists id int generated always as identity,
            add column if not exists forgotten bigint not null default 0""",
        """
        comment on table cdc.target is
        'The tables that rows were written to, and whose. One that is gone was dropped, and its rows with it.'""",
        """
        create table if not exists cdc.sweep (
            consumer_group text not null,
            topic_id uuid not null,
            partition int not null,
            table_schema text not null,
            table_name text not null,
            version bigint not null,
            primary key (consumer_group, topic_id, table_schema, table_name, partition)
        )""",
        """
        comment on table cdc.sweep is
        'The highest sweep marker that arrived in each partition. When all have one, older rows go.'""",
        """
        create table if not exists cdc.deleted (
            target int not null,
            _id text collate "C" not null,
            version bigint not null,
            applied_at timestamptz not null default now(),
            primary key (target, _id)
        )""",
        "create index if not exists deleted_by_age on cdc.deleted (target, applied_at)",
        """
        comment on table cdc.deleted is
        'Versions of deleted rows, for a while: an older change that comes late does not bring its row back.'"""
    };

    private Schema() {}

    /** Creates what is missing; safe while other instances do the same. */
    static void createOwnTables(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            if (exists(statement)) {
                return; // a role without the right to create need not have it
            }
            boolean older = isOlder(statement);
            try {
                lock(statement);
                for (String sql : OWN_TABLES) {
                    statement.execute(sql);
                }
            } catch (SQLException e) {
                throw older ? MissingPrivilegeException.explainOwnTables(e) : e;
            }
        }
    }

    /** Whether each takes what is written to it: else a step of the ledger might do nothing. */
    static void checkOwnTables(Connection connection) throws SQLException {
        for (String name : List.of("ledger", "topic", "target", "sweep", "deleted")) {
            var table = new TableName("cdc", name);
            TableShape shape = TableShape.of(connection, table);
            if (shape != null) {
                shape.checkOwn(table);
            }
        }
    }

    /** Whether they are there, as of some version. */
    private static boolean isOlder(Statement statement) throws SQLException {
        try (var row = statement.executeQuery("select to_regclass('cdc.target') is not null")) {
            return row.next() && row.getBoolean(1);
        }
    }

    private static boolean exists(Statement statement) throws SQLException {
        try (var row =
                statement.executeQuery(
                        """
                        select bool_and(to_regclass('cdc.' || name) is not null) and (
                            select count(*) = 4 from pg_attribute
                            where attrelid = to_regclass('cdc.target')
                                    and attname in ('collection', 'key_form', 'forgotten')
                                or attrelid = to_regclass('cdc.ledger')
                                    and attname = 'newest_removal')
                        from unnest(array['ledger', 'topic', 'target', 'sweep', 'deleted'])
                            as own (name)""")) {
            return row.next() && row.getBoolean(1);
        }
    }

    /**
     * Waits until no other instance creates anything, until the end of the transaction. {@code if
     * not exists} alone is not enough: two sessions that create the same schema at once make one of
     * them fail with a unique violation.
     */
    static void lock(Statement statement) throws SQLException {
        statement.execute("select pg_advisory_xact_lock(" + DDL_LOCK + ")");
        // A session hears of what others made when it locks a relation, and by no lock but that:
        // "if not exists" would believe what was looked up before.
        statement.execute("select from pg_catalog.pg_namespace limit 0");
    }
}
