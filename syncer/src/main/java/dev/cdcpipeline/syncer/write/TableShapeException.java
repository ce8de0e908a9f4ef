package dev.cdcpipeline.syncer.write;

import dev.cdcpipeline.platform.failure.Explained;
import dev.cdcpipeline.syncer.schema.TableName;

import java.util.Set;
import java.util.TreeSet;

/** A table that is already there and has not the columns the Syncer writes. The service stops. */
public final class TableShapeException extends RuntimeException implements Explained {
    private static final long serialVersionUID = 1L;

    private TableShapeException(String message) {
        super(message);
    }

    static TableShapeException noKey(TableName table) {
        return new TableShapeException(
                "The table %s exists without a primary key: nothing keeps the rows of a document from becoming two. Add one: ALTER TABLE %s ADD PRIMARY KEY (_id)."
                        .formatted(table, table.quoted()));
    }

    static TableShapeException columns(TableName table, Set<String> columns) {
        return new TableShapeException(
                "The table %s exists with the columns %s, but the Syncer writes _id, doc and _cdc_version. Rename it, or give the collection another table under syncer.table.overrides."
                        .formatted(table, new TreeSet<>(columns)));
    }
}
