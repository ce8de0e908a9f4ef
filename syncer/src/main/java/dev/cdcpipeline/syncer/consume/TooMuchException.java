package dev.cdcpipeline.syncer.consume;

import java.sql.SQLException;

/** A batch that, time and again, is more than PostgreSQL takes in one transaction. */
final class TooMuchException extends Exception {
    private static final long serialVersionUID = 1L;

    TooMuchException(SQLException cause) {
        super(cause.getMessage(), cause);
    }
}
