package dev.cdcpipeline.syncer.schema;

import dev.cdcpipeline.postgresql.Identifiers;

/**
 * A table in PostgreSQL.
 *
 * @param schema the schema's name, unquoted, at most 63 bytes; an underscore comes before one that
 *     begins with {@code pg_}, which PostgreSQL keeps to itself
 * @param table the table's name, unquoted, at most 63 bytes
 */
public record TableName(String schema, String table) implements Comparable<TableName> {

    public TableName {
        schema = Identifiers.fit(schema.startsWith("pg_") ? "_" + schema : schema);
        table = Identifiers.fit(table);
    }

    /** {@code "schema"."table"}, to be put into a statement. */
    public String quoted() {
        return Identifiers.quote(schema) + "." + Identifiers.quote(table);
    }

    @Override
    public int compareTo(TableName other) {
        int bySchema = schema.compareTo(other.schema);
        return bySchema != 0 ? bySchema : table.compareTo(other.table);
    }

    /** {@code schema.table}, for people. */
    @Override
    public String toString() {
        return schema + "." + table;
    }
}
