package dev.cdcpipeline.syncer.write;

import java.sql.SQLException;

/** A row that was taken for new was there already: the batch is written again, the careful way. */
final class DuplicateRowException extends SQLException {
    private static final long serialVersionUID = 1L;

    DuplicateRowException(SQLException cause) {
        super(cause.getMessage(), cause.getSQLState(), cause);
    }
}
