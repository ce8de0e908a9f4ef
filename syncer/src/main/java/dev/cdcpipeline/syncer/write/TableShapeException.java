package dev.cdcpipeline.syncer.write;

import dev.cdcpipeline.platform.failure.Explained;
import dev.cdcpipeline.syncer.schema.TableName;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** A table that is already there and cannot take what the Syncer writes. The service stops. */
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

    static TableShapeException inexactKey(TableName table) {
        return new TableShapeException(
                "The table %s has a unique index on _id with a nondeterministic collation: two documents could become one row. Drop it, or make it anew with COLLATE \"C\"."
                        .formatted(table));
    }

    static TableShapeException noTable(TableName table, String kind) {
        return new TableShapeException(
                "%s exists, but is no table (%s): the Syncer writes to ordinary and partitioned tables only. Rename it, or give the collection another table under syncer.table.overrides."
                        .formatted(table, kind));
    }

    static TableShapeException unlogged(TableName table) {
        return new TableShapeException(
                "The table %s, or a partition of it, is unlogged: after a crash PostgreSQL empties it, and what was in it is not sent again. Change it: ALTER TABLE %s SET LOGGED (a partitioned table: each of its partitions)."
                        .formatted(table, table.quoted()));
    }

    static TableShapeException types(TableName table, String columns, List<String> remedies) {
        return new TableShapeException(
                "The table %s exists with the columns %s, but the Syncer needs _id text (or varchar without a length) in a deterministic collation, doc jsonb and _cdc_version bigint. Change it: ALTER TABLE %s %s. Or give the collection another table under syncer.table.overrides."
                        .formatted(table, columns, table.quoted(), String.join(", ", remedies)));
    }

    static TableShapeException nullableVersion(TableName table) {
        return new TableShapeException(
                "The table %s exists with a nullable _cdc_version: a row without a version would never be changed again. Say that those rows are older than all changes: UPDATE %s SET _cdc_version = 0 WHERE _cdc_version IS NULL; ALTER TABLE %s ALTER COLUMN _cdc_version SET NOT NULL."
                        .formatted(table, table.quoted(), table.quoted()));
    }

    static TableShapeException columns(TableName table, Set<String> columns) {
        return new TableShapeException(
                "The table %s exists with the columns %s, but the Syncer writes _id, doc and _cdc_version. Rename it, or give the collection another table under syncer.table.overrides."
                        .formatted(table, new TreeSet<>(columns)));
    }
}
