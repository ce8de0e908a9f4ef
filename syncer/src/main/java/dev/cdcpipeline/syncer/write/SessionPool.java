package dev.cdcpipeline.syncer.write;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;

import org.jspecify.annotations.Nullable;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;

/**
 * A pool that says why it has no connection. HikariCP sets sessions up in the background, and says
 * to the one who waits only that the time is over: what the server said to the set-up it hides, or
 * knows no more.
 */
final class SessionPool extends HikariDataSource {
    private final Attempt attempt;

    /** Sets a session up aside from the pool. */
    @FunctionalInterface
    interface Attempt {
        /**
         * Does it.
         *
         * @throws SQLException why it cannot be done
         */
        void run() throws SQLException;
    }

    /**
     * A pool that connects when it is first used, or in the background.
     *
     * @param attempt sets a session up as the pool does
     */
    SessionPool(HikariConfig config, Attempt attempt) {
        super(config);
        this.attempt = attempt;
    }

    @Override
    public Connection getConnection() throws SQLException {
        try {
            return super.getConnection();
        } catch (SQLTransientConnectionException e) {
            SQLException cause = cause(e);
            throw cause == null ? e : Pool.explained(cause);
        }
    }

    /** The server's words; null when connections are there and all are taken. */
    private @Nullable SQLException cause(SQLTransientConnectionException timedOut) {
        for (Throwable each = timedOut.getCause(); each != null; each = each.getCause()) {
            if (each instanceof SQLException told) {
                return told;
            }
        }
        if (getHikariPoolMXBean().getTotalConnections() > 0) {
            return null;
        }
        try {
            attempt.run();
            return null; // it would work by now
        } catch (SQLException told) {
            return told;
        }
    }
}
