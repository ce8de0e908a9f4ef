package dev.cdcpipeline.syncer.write;

import dev.cdcpipeline.platform.failure.Explained;
import dev.cdcpipeline.syncer.schema.TableName;

/** A table that rows were written to is gone, and they with it (I5). The service stops. */
public final class TableDroppedException extends RuntimeException implements Explained {
    private static final long serialVersionUID = 1L;

    TableDroppedException(TableName table) {
        super(
                "The table %s is gone, and the rows that were written to it: somebody dropped or renamed it. Restore it and start again; nothing of what came since was skipped. To go on with an empty table, which gets later changes only, set syncer.on-loss.table-dropped to recreate."
                        .formatted(table));
    }
}
