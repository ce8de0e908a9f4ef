package dev.cdcpipeline.syncer.write;

import dev.cdcpipeline.syncer.schema.TableName;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/** What a Syncer would say of a table at its first look, for checks before it runs. */
public final class TableFitness {
    private TableFitness() {}

    /**
     * Why the Syncer would not write to a table that is there, with what mends it; empty if it
     * would.
     *
     * @param own whether it is one of the Syncer's own
     */
    public static Optional<String> complaint(Connection connection, TableName table, boolean own)
            throws SQLException {
        TableShape shape = TableShape.of(connection, table);
        if (shape == null) {
            return Optional.empty();
        }
        try {
            if (own) {
                shape.checkOwn(table);
            } else {
                var _ = shape.check(table);
            }
            return Optional.empty();
        } catch (TableShapeException e) {
            return Optional.ofNullable(e.getMessage());
        }
    }
}
