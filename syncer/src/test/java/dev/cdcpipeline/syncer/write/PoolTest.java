package dev.cdcpipeline.syncer.write;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cdcpipeline.syncer.support.Database;
import dev.cdcpipeline.syncer.support.Servers;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;

class PoolTest {
    private final Database database = new Database(Servers.postgres(), "pool");

    @Test
    @DisplayName(
            "7.1: a session keeps its settings and its staging table when its first transaction is rolled back")
    void aSessionOutlivesTheRollbackOfItsFirstTransaction() throws SQLException {
        try (var pool =
                Pool.open(
                        database.url(), database.user(), "", 1, Duration.ofSeconds(30), Map.of())) {
            try (Connection first = pool.getConnection()) {
                first.rollback();
            }
            try (Connection next = pool.getConnection();
                    Statement statement = next.createStatement()) {
                assertThat(text(statement, "select count(*) from pg_temp.cdc_stage"))
                        .isEqualTo("0");
                assertThat(text(statement, "show jit")).isEqualTo("off");
            }
        }
    }

    private static String text(Statement statement, String query) throws SQLException {
        try (ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getString(1);
        }
    }
}
