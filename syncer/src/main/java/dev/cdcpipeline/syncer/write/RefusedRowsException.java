package dev.cdcpipeline.syncer.write;

import java.sql.SQLException;

/**
 * PostgreSQL refuses the rows of a batch for what they hold, after it took the ledger's step: the
 * one failure that may be a record's own (I6). Whatever fails before the rows, or apart from them,
 * is never thrown as this, whatever its code.
 */
public final class RefusedRowsException extends SQLException {
    private static final long serialVersionUID = 1L;

    /**
     * A refusal.
     *
     * @param cause as PostgreSQL reports it
     */
    public RefusedRowsException(SQLException cause) {
        super(cause.getMessage(), cause.getSQLState(), cause);
    }

    /** What PostgreSQL reports. */
    public SQLException refusal() {
        return getCause() instanceof SQLException sql ? sql : this;
    }
}
