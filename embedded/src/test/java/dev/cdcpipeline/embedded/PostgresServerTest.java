package dev.cdcpipeline.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;

class PostgresServerTest {

    @Test
    void isPostgres18() throws SQLException {
        try (var server = PostgresServer.start()) {
            assertThat(query(server, "SHOW server_version")).startsWith("18.");
        }
    }

    @Test
    void takesExtraSettings() throws SQLException {
        try (var server = PostgresServer.start(Map.of("max_connections", "17"))) {
            assertThat(query(server, "SHOW max_connections")).isEqualTo("17");
        }
    }

    @Test
    void sortsByBytesAndKnowsTheCaseOfAllLetters() throws SQLException {
        try (var server = PostgresServer.start()) {
            assertThat(query(server, "SELECT upper('ä') || ('B' < 'a')")).isEqualTo("Ätrue");
        }
    }

    @Test
    void keepsItsDataAndItsPortWhenRestarted() throws SQLException {
        try (var server = PostgresServer.start()) {
            execute(server, "CREATE TABLE kept AS SELECT 42 AS answer");
            int port = server.port();

            server.stop();
            assertThatThrownBy(() -> query(server, "SELECT 1")).isInstanceOf(SQLException.class);
            server.restart();

            assertThat(server.port()).isEqualTo(port);
            assertThat(query(server, "SELECT answer FROM kept")).isEqualTo("42");
        }
    }

    @Test
    void recoversWhatWasCommittedAfterAnImmediateStop() throws SQLException {
        try (var server = PostgresServer.start();
                Connection open =
                        DriverManager.getConnection(server.jdbcUrl(), server.user(), "")) {
            execute(server, "CREATE TABLE kept AS SELECT 42 AS answer");
            open.setAutoCommit(false);
            try (Statement statement = open.createStatement()) {
                statement.executeUpdate("UPDATE kept SET answer = 0");
            }

            server.stopImmediately();
            server.restart();

            assertThat(query(server, "SELECT answer FROM kept")).isEqualTo("42");
        }
    }

    @Test
    void leavesNothingBehindWhenClosed() {
        var server = PostgresServer.start();
        Path folder = server.folder();
        assertThat(folder).isDirectory();

        server.close();

        assertThat(folder).doesNotExist();
    }

    private static void execute(PostgresServer server, String sql) throws SQLException {
        try (Connection connection =
                        DriverManager.getConnection(server.jdbcUrl(), server.user(), "");
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String query(PostgresServer server, String sql) throws SQLException {
        try (Connection connection =
                        DriverManager.getConnection(server.jdbcUrl(), server.user(), "");
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            assertThat(result.next()).isTrue();
            return result.getString(1);
        }
    }
}
