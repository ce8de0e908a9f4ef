package dev.cdcpipeline.benchmarks;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * What is visible in the tables, as the ledger says it: it moves in the transaction of the rows, so
 * asking it is exact and costs next to nothing. Not thread-safe.
 */
final class LedgerProgress implements AutoCloseable {
    private final Connection connection;

    LedgerProgress(Connection connection) {
        this.connection = connection;
    }

    /** How many events are applied. */
    long applied() throws SQLException {
        if (!exists()) {
            return 0;
        }
        try (PreparedStatement query =
                        connection.prepareStatement(
                                "select coalesce(sum(next_offset), 0) from cdc.ledger");
                ResultSet row = query.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }

    /** Sets each partition's next offset. */
    void read(long[] nextOffsets) throws SQLException {
        try (PreparedStatement query =
                        connection.prepareStatement(
                                "select partition, next_offset from cdc.ledger");
                ResultSet row = query.executeQuery()) {
            while (row.next()) {
                nextOffsets[row.getInt(1)] = row.getLong(2);
            }
        }
    }

    /** Is there a ledger with all of so many partitions? */
    boolean isOpen(int partitions) throws SQLException {
        if (!exists()) {
            return false;
        }
        try (PreparedStatement query =
                        connection.prepareStatement("select count(*) from cdc.ledger");
                ResultSet row = query.executeQuery()) {
            row.next();
            return row.getInt(1) == partitions;
        }
    }

    private boolean exists() throws SQLException {
        try (PreparedStatement query =
                        connection.prepareStatement(
                                "select to_regclass('cdc.ledger') is not null");
                ResultSet row = query.executeQuery()) {
            row.next();
            return row.getBoolean(1);
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
