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
 * @param stale changes that the version guard turned away (I3), and deletes of absent rows
 */
public record TableResult(
        TableName table,
        Protocol protocol,
        long inserted,
        long overwritten,
        long deleted,
        long swept,
        long stale) {}
