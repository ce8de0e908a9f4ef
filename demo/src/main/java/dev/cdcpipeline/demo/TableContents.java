package dev.cdcpipeline.demo;

import dev.cdcpipeline.demo.ShopWrite.Target;
import dev.cdcpipeline.demo.WriteTally.Content;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.Map;

/** Asks PostgreSQL for the content of the shop's tables. */
final class TableContents {

    private static final String UNDEFINED_TABLE = "42P01";

    private final Connection connection;

    TableContents(Connection connection) {
        this.connection = connection;
    }

    /** The number of rows of each table; a table that does not exist yet has none. */
    Map<String, Long> rows() throws SQLException {
        var rows = new LinkedHashMap<String, Long>();
        for (Target target : Target.values()) {
            rows.put(name(target), content(target, "0").documents());
        }
        return rows;
    }

    /** Has every write of the tally arrived? Exact when no writer is at work. */
    boolean equalTo(WriteTally tally) throws SQLException {
        for (Target target : Target.values()) {
            Content content = content(target, "(doc->>'revision')::bigint");
            if (!content.equals(tally.content(target))) {
                return false;
            }
        }
        return true;
    }

    private Content content(Target target, String revision) throws SQLException {
        String sql =
                "SELECT count(*), coalesce(sum(%s), 0) FROM %s".formatted(revision, name(target));
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            result.next();
            return new Content(result.getLong(1), result.getLong(2));
        } catch (SQLException e) {
            if (UNDEFINED_TABLE.equals(e.getSQLState())) {
                return new Content(0, 0);
            }
            throw e;
        }
    }

    private static String name(Target target) {
        return ShopWorkload.DATABASE + "." + ShopWorkload.collection(target);
    }
}
