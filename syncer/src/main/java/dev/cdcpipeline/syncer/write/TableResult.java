package dev.cdcpipeline.syncer.write;

import dev.cdcpipeline.syncer.schema.TableName;

/**
 * What a batch did to a table.
 *
 * @param table the table
 * @param protocol how the rows went over
 * @param inserted rows that were not there before
 * @param overwritten rows that were there and were replaced
 * @param deleted rows that went
 * @param swept rows that a sweep removed
 * @param stale changes that the version guard turned away (I3), of rows that were deleted since,
 *     that changed nothing, and deletes of absent rows
 * @param undecided late changes of absent rows that were written, as their deletes may be forgotten
 */
public record TableResult(
        TableName table,
        Protocol protocol,
        long inserted,
        long overwritten,
        long deleted,
        long swept,
        long stale,
        long undecided) {

    /** One without undecided changes. */
    public TableResult(
            TableName table,
            Protocol protocol,
            long inserted,
            long overwritten,
            long deleted,
            long swept,
            long stale) {
        this(table, protocol, inserted, overwritten, deleted, swept, stale, 0);
    }

    /** The same, of which changes were turned away before, or could not be. */
    TableResult and(long refused, long leftUndecided) {
        return new TableResult(
                table,
                protocol,
                inserted,
                overwritten,
                deleted,
                swept,
                stale + refused,
                leftUndecided);
    }
}
