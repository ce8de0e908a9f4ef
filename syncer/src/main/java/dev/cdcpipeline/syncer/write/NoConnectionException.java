package dev.cdcpipeline.syncer.write;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;

/**
 * There is no connection to PostgreSQL, for a reason that PostgreSQL or the network gave: it has
 * the SQLSTATE of that reason, and says it, where the pool would only say that it has none.
 */
public final class NoConnectionException extends SQLTransientConnectionException {
    private static final long serialVersionUID = 1L;

    NoConnectionException(SQLException cause) {
        super(
                "no session with PostgreSQL can be set up: " + reason(cause),
                cause.getSQLState(),
                cause);
    }

    /** What the driver says of a host that is not found says nothing without its cause. */
    private static String reason(SQLException cause) {
        Throwable deepest = cause;
        while (deepest.getCause() != null) {
            deepest = deepest.getCause();
        }
        String said = String.valueOf(cause.getMessage());
        return deepest.equals(cause) || said.contains(String.valueOf(deepest.getMessage()))
                ? said
                : said + " (" + deepest + ")";
    }
}
