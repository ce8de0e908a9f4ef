package dev.cdcpipeline.syncer.write;

import dev.cdcpipeline.platform.failure.Explained;
import dev.cdcpipeline.syncer.schema.TableName;

import java.sql.SQLException;

/** A table refuses the keys of today for its rows: no record's fault. The service stops. */
public final class KeyMigrationException extends RuntimeException implements Explained {
    private static final long serialVersionUID = 1L;

    private KeyMigrationException(TableName table, SQLException cause) {
        super(
                "The rows of %s have keys of an older version, and the table refuses the new ones (SQLSTATE %s). Is there a constraint, a foreign key, a trigger or a partition that depends on the old form of _id (docs/reference/tables.md, \"Tables of an older version\")? Change it and start the Syncer again: it goes on with the rows that are left."
                        .formatted(table, cause.getSQLState()),
                cause);
    }

    /**
     * The exception itself, unless it says that the data were refused: the records that wait would
     * be taken for bad ones.
     */
    static SQLException explain(SQLException e, TableName table) {
        String state = String.valueOf(e.getSQLState());
        if (state.startsWith("22") || state.startsWith("23") || state.startsWith("P0")) {
            throw new KeyMigrationException(table, e);
        }
        return e;
    }
}
