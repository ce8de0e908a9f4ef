package dev.cdcpipeline.syncer.plan;

import dev.cdcpipeline.syncer.schema.TableName;

import java.util.List;

/**
 * The changes of one table: first the deletes, then the upserts. Each list has a key once and is
 * sorted by key, so that writers lock rows in one order.
 *
 * @param table the table
 * @param deletes rows that go
 * @param upserts rows that come or change; a key may be in both lists, and then is deleted first
 */
public record TableChanges(
        TableName table, List<RowChange.Delete> deletes, List<RowChange.Upsert> upserts) {

    /** The number of changes. */
    public int size() {
        return deletes.size() + upserts.size();
    }
}
