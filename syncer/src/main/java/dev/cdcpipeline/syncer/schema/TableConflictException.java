package dev.cdcpipeline.syncer.schema;

import dev.cdcpipeline.platform.failure.Explained;

/** Two collections were about to share one table. A mistake of configuration: the service stops. */
public final class TableConflictException extends RuntimeException implements Explained {
    private static final long serialVersionUID = 1L;

    /**
     * @param table the table
     * @param owner the collection whose rows are in it
     * @param other the collection whose rows would come to it
     */
    public TableConflictException(TableName table, String owner, String other) {
        super(
                "The collections %s and %s would both go to the table %s, where documents with the same _id would overwrite each other. Put {db} or {collection} into syncer.table.schema or syncer.table.name, or give one of them a table under syncer.table.overrides. (If the first is no more: the tables and their collections are in cdc.target.)"
                        .formatted(owner, other, table));
    }

    /** The same, where another consumer group writes the owner's rows. */
    public static TableConflictException ofGroups(
            TableName table, String owner, String group, String other) {
        return new TableConflictException(
                table, owner + " (of the consumer group " + group + ")", other);
    }
}
