package dev.cdcpipeline.syncer.write;

import dev.cdcpipeline.platform.failure.Explained;

import java.sql.SQLException;

/** The role may not do what is needed; the message says which GRANT helps. The service stops. */
public final class MissingPrivilegeException extends SQLException implements Explained {
    private static final long serialVersionUID = 1L;

    /** The SQLSTATE of a missing privilege. */
    static final String SQLSTATE = "42501";

    MissingPrivilegeException(SQLException cause) {
        super(
                "PostgreSQL says: %s. The role needs: GRANT CREATE, TEMPORARY ON DATABASE (for tables it is to make), and on tables made beforehand GRANT USAGE ON SCHEMA and GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE, also for the schema cdc."
                        .formatted(cause.getMessage()),
                SQLSTATE,
                cause);
    }

    /** The exception itself, or this one if it is about a privilege. */
    static SQLException explain(SQLException e) {
        return SQLSTATE.equals(e.getSQLState()) ? new MissingPrivilegeException(e) : e;
    }
}
