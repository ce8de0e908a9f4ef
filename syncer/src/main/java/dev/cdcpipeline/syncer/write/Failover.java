package dev.cdcpipeline.syncer.write;

import com.zaxxer.hikari.SQLExceptionOverride;

import java.sql.SQLException;
import java.util.Set;

/**
 * Which connections are of no use any more besides those the pool knows of: behind a name or a
 * pooler there may be another server by now, and only a new connection gets there.
 */
final class Failover implements SQLExceptionOverride {
    /** A read-only session, and a prepared statement that the server does not know. */
    private static final Set<String> ANOTHER_SERVER = Set.of("25006", "26000");

    @java.lang.Override
    public Override adjudicate(SQLException e) {
        return ANOTHER_SERVER.contains(String.valueOf(e.getSQLState()))
                ? Override.MUST_EVICT
                : Override.CONTINUE_EVICT;
    }
}
