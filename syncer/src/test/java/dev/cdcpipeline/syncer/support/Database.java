package dev.cdcpipeline.syncer.support;

import com.zaxxer.hikari.HikariDataSource;

import dev.cdcpipeline.embedded.PostgresServer;
import dev.cdcpipeline.postgresql.PostgresLogin;
import dev.cdcpipeline.syncer.write.Pool;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/** A database of a test's own. */
public final class Database {
    private static final String UNDEFINED_TABLE = "42P01";

    private final PostgresServer server;
    private final String name;

    /** A new database; its name begins with the given one. */
    public Database(PostgresServer server, String name) {
        this.server = server;
        this.name = name + "_" + UUID.randomUUID().toString().substring(0, 8);
        try (Connection connection =
                        DriverManager.getConnection(server.jdbcUrl(), server.user(), "");
                Statement statement = connection.createStatement()) {
            statement.execute("create database " + quotedName());
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Its name, for a statement. */
    public String quotedName() {
        return '"' + name + '"';
    }

    /** Its JDBC URL. */
    public String url() {
        return server.jdbcUrl(name);
    }

    /** Its user. */
    public String user() {
        return server.user();
    }

    /** A new connection. */
    public Connection connect() throws SQLException {
        return DriverManager.getConnection(url(), user(), "");
    }

    /**
     * A pool of so many connections, which waits long for one.
     *
     * @param properties further ones of the driver
     */
    public HikariDataSource pool(int connections, Map<String, String> properties) {
        return Pool.open(login(user(), properties), connections, Duration.ofSeconds(30));
    }

    /** One connection of another role. */
    public HikariDataSource pool(String role) {
        return Pool.open(login(role, Map.of()), 1, Duration.ofSeconds(30));
    }

    /** As whom to connect, without a password. */
    public PostgresLogin login(String role, Map<String, String> properties) {
        return new PostgresLogin(url(), role, "", properties);
    }

    /** Executes statements. */
    public void execute(String... statements) {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The first column of all rows, as text. */
    public List<String> column(String sql) {
        return rows(sql, row -> row.getString(1));
    }

    /** The first column of the first row, as a number; 0 if there is none. */
    public long number(String sql) {
        List<String> found = column(sql);
        return found.isEmpty() || found.getFirst() == null ? 0 : Long.parseLong(found.getFirst());
    }

    /** The first column to the second one of all rows, as text. */
    public Map<String, String> map(String sql) {
        var values = new TreeMap<String, String>();
        var _ = rows(sql, row -> values.put(row.getString(1), row.getString(2)));
        return values;
    }

    private interface Column<T> {
        T of(ResultSet row) throws SQLException;
    }

    /** None while there is no such table: a Syncer makes tables that a test may be ahead of. */
    private <T> List<T> rows(String sql, Column<T> column) {
        var found = new ArrayList<T>();
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                found.add(column.of(rows));
            }
        } catch (SQLException e) {
            if (!UNDEFINED_TABLE.equals(e.getSQLState())) {
                throw new IllegalStateException(e);
            }
        }
        return found;
    }

    /** The rows of a table in document mode: key to the field {@code value}; empty if no table. */
    public Map<String, String> values(String table) {
        return map("select _id, doc->>'value' from " + table);
    }
}
