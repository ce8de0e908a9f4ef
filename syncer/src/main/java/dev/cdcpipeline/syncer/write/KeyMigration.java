package dev.cdcpipeline.syncer.write;

import dev.cdcpipeline.syncer.schema.FormerRowKey;
import dev.cdcpipeline.syncer.schema.TableName;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * Gives the rows of a table that was written by an older version the keys of today, before this
 * instance writes to it. Else a change of such a row would make a second one, and a delete would
 * find none (I3).
 *
 * <p>It works in chunks, each in a transaction: killed at any point it leaves a table in which some
 * rows have their new key, and the next start does the rest. That it is done is recorded in {@code
 * cdc.target} at the end. Instances take turns by an advisory lock; a chunk is right whatever
 * others have done before it.
 */
final class KeyMigration {
    private static final Logger log = LoggerFactory.getLogger(KeyMigration.class);

    /** What {@code cdc.target} says of a table whose rows all have the keys of today. */
    private static final String CANONICAL = "canonical";

    private static final String TURN =
            "select pg_advisory_xact_lock(hashtextextended('cdc keys ' || ?, 0))";

    private static final String NO_TIMEOUT =
            """
            select set_config(name, '0', true) from pg_settings
            where name in ('statement_timeout', 'transaction_timeout')""";

    private static final String IS_DONE =
            """
            select key_form is not null from cdc.target
            where consumer_group = ? and table_schema = ? and table_name = ?""";

    private static final String RECORD =
            """
            update cdc.target set key_form = ?
            where consumer_group = ? and table_schema = ? and table_name = ?""";

    private final String group;

    /**
     * @param group the consumer group, under which it is recorded
     */
    KeyMigration(String group) {
        this.group = group;
    }

    /** What was done to a table's rows. */
    private static final class Count {
        private long rewritten;
        private long removed;
    }

    /**
     * Makes sure that the table has the keys of today. Works in transactions of its own on the
     * connection, which has none open.
     *
     * @param recorded whether it is recorded that it has
     * @throws KeyMigrationException if the table does not take the new keys
     */
    void run(Connection connection, TableName table, boolean recorded) throws SQLException {
        var rows = new KeyedRows(connection, table);
        try {
            boolean inOrder = rows.areInByteOrder();
            if (recorded && !(inOrder && wereWrittenAgain(connection, table, rows))) {
                connection.commit();
            } else if (inOrder && !rows.mayHaveFormerKeys()) {
                record(connection, table, CANONICAL); // as of a table that was just made
                connection.commit();
            } else {
                rewrite(connection, table, rows, inOrder);
            }
        } catch (SQLException e) {
            throw KeyMigrationException.explain(e, table);
        }
    }

    /** Costs one look into the index, and finds most of what an older Syncer writes. */
    private boolean wereWrittenAgain(Connection connection, TableName table, KeyedRows rows)
            throws SQLException {
        if (!rows.haveOne(FormerRowKey.LONG)) {
            return false;
        }
        log.warn(
                "{} has keys of a form that only an older version writes. They are rewritten, but"
                        + " deletes between may have found no row: run cdc verify. Never let an older"
                        + " Syncer of the group {} run again, or beside this one.",
                table,
                group);
        record(connection, table, null);
        connection.commit();
        return true;
    }

    private void rewrite(Connection connection, TableName table, KeyedRows rows, boolean inOrder)
            throws SQLException {
        connection.setNetworkTimeout(Runnable::run, 0); // the pool sets it back
        var count = new Count();
        if (inOrder) {
            for (String prefix : FormerRowKey.PREFIXES) {
                rewrite(connection, table, rows.from(prefix), count);
            }
        } else {
            rewrite(connection, table, rows.all(), count);
        }
        finish(connection, table, rows, inOrder);
        if (count.rewritten + count.removed > 0) {
            log.info(
                    "{}: {} rows have their new key, {} older rows of the same documents are removed",
                    table,
                    count.rewritten,
                    count.removed);
        }
    }

    private void rewrite(Connection connection, TableName table, KeyedRows.Scan scan, Count count)
            throws SQLException {
        for (boolean more = true; more; ) {
            takeTurn(connection, table);
            if (isDone(connection, table)) {
                connection.commit();
                return; // by another instance, or another worker of this one
            }
            KeyedRows.Moves moves = scan.next();
            more = !moves.last();
            if (!moves.isEmpty()) {
                if (count.rewritten + count.removed == 0) {
                    log.info("{}: keys of an older version are rewritten", table);
                }
                count.removed += scan.removeOlder(moves);
                count.rewritten += scan.rewrite(moves);
            }
            connection.commit();
        }
    }

    private void finish(Connection connection, TableName table, KeyedRows rows, boolean inOrder)
            throws SQLException {
        takeTurn(connection, table);
        long hashed = isDone(connection, table) ? 0 : rows.countHashedDocuments(inOrder);
        record(connection, table, CANONICAL);
        connection.commit();
        if (hashed > 0) {
            log.warn(
                    "{}: {} rows have a hash for a key, as their _id is a document of over 1,400 bytes."
                            + " If such an _id has an int64, double or Decimal128 in it, the row may be"
                            + " of the old key: a later change makes a second row. Run cdc verify, or"
                            + " fill the table again.",
                    table,
                    hashed);
        }
    }

    private static void takeTurn(Connection connection, TableName table) throws SQLException {
        try (PreparedStatement patience = connection.prepareStatement(NO_TIMEOUT);
                PreparedStatement turn = connection.prepareStatement(TURN)) {
            patience.execute(); // another one's turn, and a scan, may last
            turn.setString(1, table.quoted());
            turn.execute();
        }
    }

    private boolean isDone(Connection connection, TableName table) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(IS_DONE)) {
            query.setString(1, group);
            query.setString(2, table.schema());
            query.setString(3, table.table());
            try (ResultSet row = query.executeQuery()) {
                return row.next() && row.getBoolean(1);
            }
        }
    }

    private void record(Connection connection, TableName table, @Nullable String form)
            throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(RECORD)) {
            update.setString(1, form);
            update.setString(2, group);
            update.setString(3, table.schema());
            update.setString(4, table.table());
            update.executeUpdate();
        }
    }
}
