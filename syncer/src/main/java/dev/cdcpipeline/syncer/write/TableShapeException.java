package dev.cdcpipeline.syncer.write;

import dev.cdcpipeline.platform.failure.Explained;
import dev.cdcpipeline.postgresql.Identifiers;
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

    static TableShapeException generated(TableName table, Set<String> columns) {
        return new TableShapeException(
                "The table %s exists with columns that PostgreSQL fills by itself (%s), but the Syncer writes them. Make ordinary columns of them: ALTER TABLE %s ALTER COLUMN ... DROP EXPRESSION (DROP IDENTITY for an identity column), or make the table anew."
                        .formatted(
                                table, String.join(", ", new TreeSet<>(columns)), table.quoted()));
    }

    static TableShapeException rowSecurity(TableName table, String role, boolean owner) {
        String remedy =
                owner
                        ? "ALTER TABLE %s NO FORCE ROW LEVEL SECURITY".formatted(table.quoted())
                        : "ALTER ROLE %s BYPASSRLS, or ALTER TABLE %s DISABLE ROW LEVEL SECURITY"
                                .formatted(Identifiers.quote(role), table.quoted());
        return new TableShapeException(
                "The table %s has row-level security, to which the role %s is subject: rows that a policy hides would stay as they are, and no statement would fail. Let the role see all rows: %s."
                        .formatted(table, role, remedy));
    }

    static TableShapeException rules(TableName table, List<String> rules) {
        return new TableShapeException(
                "The table %s has rules, which make something else of the Syncer's statements, or nothing (%s). Drop each: DROP RULE %s ON %s; a trigger after the row can do what a rule adds."
                        .formatted(
                                table,
                                String.join(", ", rules),
                                Identifiers.quote(rules.getFirst()),
                                table.quoted()));
    }

    static TableShapeException children(TableName table, List<String> children) {
        String child = children.getFirst();
        return new TableShapeException(
                "Other tables inherit from the table %s (%s): their rows would be changed and deleted with its own. Part them: ALTER TABLE %s NO INHERIT %s, or give the collection another table under syncer.table.overrides."
                        .formatted(table, String.join(", ", children), child, table.quoted()));
    }

    static TableShapeException triggers(TableName table, List<String> triggers) {
        return new TableShapeException(
                "The table %s, which is the Syncer's own, has triggers that run before a row is changed (%s) and may drop the change. Drop each: DROP TRIGGER %s ON %s; one that runs after the row may stay."
                        .formatted(
                                table,
                                String.join(", ", triggers),
                                Identifiers.quote(triggers.getFirst()),
                                table.quoted()));
    }

    static TableShapeException suppressed(TableName table, long changes, List<String> triggers) {
        String cause =
                triggers.isEmpty()
                        ? "Look for what changes the table's rows besides the Syncer"
                        : "A trigger before the row drops the change, or changes _id or _cdc_version (%s). Have it return the row with both as they are, or drop it: DROP TRIGGER %s ON %s"
                                .formatted(
                                        String.join(", ", triggers),
                                        Identifiers.quote(triggers.getFirst()),
                                        table.quoted());
        return new TableShapeException(
                "PostgreSQL did not make %d changes to the table %s, and reported no error. %s. The ledger is still before these changes."
                        .formatted(changes, table, cause));
    }
}
