package dev.cdcpipeline.syncer.schema;

import dev.cdcpipeline.model.Namespace;
import dev.cdcpipeline.platform.failure.Explained;

/** Two collections were about to share one table. A mistake of configuration: the service stops. */
public final class TableConflictException extends RuntimeException implements Explained {
    private static final long serialVersionUID = 1L;

    TableConflictException(TableName table, Namespace owner, Namespace other) {
        super(
                "The collections %s and %s would both go to the table %s, where documents with the same _id would overwrite each other. Put {db} or {collection} into syncer.table.schema or syncer.table.name, or give one of them a table under syncer.table.overrides."
                        .formatted(owner, other, table));
    }
}
