package dev.cdcpipeline.syncer.write;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

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
            leader_epoch int not null default -1,
            updated_at timestamptz not null default now(),
            primary key (consumer_group, topic_id, partition)
        ) with (fillfactor = 50)""",
        "alter table cdc.ledger add column if not exists leader_epoch int not null default -1",
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
            primary key (consumer_group, table_schema, table_name)
        )""",
        "alter table cdc.target add column if not exists collection text",
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
        'The highest sweep marker that arrived in each partition. When all have one, older rows go.'"""
    };

    private Schema() {}

    /** Creates what is missing; safe while other instances do the same. */
    static void createOwnTables(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            if (exists(statement)) {
                return; // a role without the right to create need not have it
            }
            lock(statement);
            for (String sql : OWN_TABLES) {
                statement.execute(sql);
            }
        }
    }

    private static boolean exists(Statement statement) throws SQLException {
        try (var row =
                statement.executeQuery(
                        """
                        select bool_and(to_regclass('cdc.' || name) is not null)
                            and exists (select from pg_attribute
                                where attrelid = to_regclass('cdc.target') and attname = 'collection')
                        from unnest(array['ledger', 'topic', 'target', 'sweep']) as own (name)""")) {
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
