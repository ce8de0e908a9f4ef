package dev.cdcpipeline.syncer.write;

import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What PostgreSQL said, without values of documents: the names of what refused always, its message
 * where that quotes no value. Its detail, hint and context may quote whole rows.
 */
public final class ServerWords {
    /** Data exceptions, and what a trigger raises about a row, quote the value. */
    private static final Set<String> MAY_QUOTE_VALUES = Set.of("22", "P0");

    private ServerWords() {}

    /**
     * What may be said of an exception anywhere: its SQLSTATE, the message if that quotes no value,
     * and the names of table, column, constraint and type.
     */
    public static String of(SQLException thrown) {
        ServerErrorMessage server = serverMessage(thrown);
        String state = "SQLSTATE " + thrown.getSQLState();
        if (server == null) {
            return thrown.getSQLState() == null ? thrown.getClass().getSimpleName() : state;
        }
        String message = mayQuoteValues(thrown) ? null : server.getMessage();
        String said = message == null ? state : state + ": " + message;
        List<String> names = names(server);
        return names.isEmpty() ? said : said + " (" + String.join(", ", names) + ")";
    }

    /** The same with PostgreSQL's message in any case: of a statement that has no row's values. */
    static String ofNoRow(SQLException thrown) {
        ServerErrorMessage server = serverMessage(thrown);
        return server == null || !mayQuoteValues(thrown)
                ? of(thrown)
                : "SQLSTATE %s: %s".formatted(thrown.getSQLState(), server.getMessage());
    }

    private static boolean mayQuoteValues(SQLException thrown) {
        String state = String.valueOf(thrown.getSQLState());
        return MAY_QUOTE_VALUES.contains(state.substring(0, Math.min(2, state.length())));
    }

    private static List<String> names(ServerErrorMessage server) {
        var names = new ArrayList<String>();
        String schema = server.getSchema();
        String table = server.getTable();
        add(names, "table", schema == null || table == null ? table : schema + "." + table);
        add(names, "column", server.getColumn());
        add(names, "constraint", server.getConstraint());
        add(names, "type", server.getDatatype());
        return names;
    }

    private static void add(List<String> names, String kind, @Nullable String name) {
        if (name != null) {
            names.add(kind + " " + name);
        }
    }

    private static @Nullable ServerErrorMessage serverMessage(SQLException thrown) {
        for (Throwable each = thrown; each != null; each = each.getCause()) {
            if (each instanceof PSQLException postgres
                    && postgres.getServerErrorMessage() != null) {
                return postgres.getServerErrorMessage();
            }
        }
        return null;
    }
}
