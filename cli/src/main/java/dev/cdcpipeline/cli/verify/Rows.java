package dev.cdcpipeline.cli.verify;

import dev.cdcpipeline.syncer.schema.TableName;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/** The rows of one table in {@code document} mode. */
final class Rows {

    private static final int FETCH_SIZE = 1_000;

    private final Connection connection;
    private final TableName table;

    Rows(Connection connection, TableName table) {
        this.connection = connection;
        this.table = table;
    }

    /** Is there such a table? */
    boolean exist() throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT to_regclass(?) IS NOT NULL")) {
            statement.setString(1, table.quoted());
            try (ResultSet result = statement.executeQuery()) {
                return result.next() && result.getBoolean(1);
            }
        }
    }

    /** How many there are. */
    long count() throws SQLException {
        try (PreparedStatement statement =
                        connection.prepareStatement("SELECT count(*) FROM " + table.quoted());
                ResultSet result = statement.executeQuery()) {
            return result.next() ? result.getLong(1) : 0;
        }
    }

    /** The JSON of those rows that exist, by row key. */
    Map<String, String> find(Collection<String> rowKeys) throws SQLException {
        var found = new HashMap<String, String>();
        String sql = "SELECT _id, doc::text FROM " + table.quoted() + " WHERE _id = ANY (?)";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setArray(1, connection.createArrayOf("text", rowKeys.toArray()));
            try (ResultSet result = statement.executeQuery()) {
                while (result.next()) {
                    found.put(result.getString(1), result.getString(2));
                }
            }
        }
        return found;
    }

    /** Passes over all row keys, in no order. */
    void forEachKey(Consumer<String> action) throws SQLException {
        boolean autoCommit = connection.getAutoCommit();
        // The driver reads in batches only within a transaction.
        connection.setAutoCommit(false);
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT _id FROM " + table.quoted())) {
            statement.setFetchSize(FETCH_SIZE);
            try (ResultSet result = statement.executeQuery()) {
                while (result.next()) {
                    action.accept(result.getString(1));
                }
            }
        } finally {
            connection.rollback();
            connection.setAutoCommit(autoCommit);
        }
    }
}
