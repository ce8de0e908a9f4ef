package dev.cdcpipeline.syncer.write;

import dev.cdcpipeline.platform.failure.Explained;

import java.sql.SQLException;

/**
 * PostgreSQL refuses something that no record is to blame for: making a table, moving the ledger, a
 * sweep, a statement whatever rows it has. The service stops, with PostgreSQL's own words.
 */
public final class RefusedStatementException extends SQLException implements Explained {
    private static final long serialVersionUID = 1L;

    private RefusedStatementException(String doing, String words, SQLException cause) {
        super(
                "PostgreSQL refuses %s: %s. No record is to blame: none was set aside, and the ledger has not moved. Mend what PostgreSQL names, then start again."
                        .formatted(doing, words),
                cause.getSQLState(),
                cause);
    }

    /**
     * A statement that has no values of documents.
     *
     * @param doing what it does, after "PostgreSQL refuses"
     */
    static RefusedStatementException withoutRows(String doing, SQLException cause) {
        return new RefusedStatementException(doing, ServerWords.ofNoRow(cause), cause);
    }

    /** A statement that PostgreSQL may quote rows of. */
    static RefusedStatementException onRows(String doing, SQLException cause) {
        return new RefusedStatementException(doing, ServerWords.of(cause), cause);
    }
}
