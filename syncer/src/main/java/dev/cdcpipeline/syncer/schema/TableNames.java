package dev.cdcpipeline.syncer.schema;

import dev.cdcpipeline.model.Namespace;

import org.jspecify.annotations.Nullable;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The table of a collection: by its own entry, else by templates in which {@code {db}} and {@code
 * {collection}} stand for the names in MongoDB. Thread-safe.
 */
public final class TableNames {
    private final String schemaTemplate;
    private final String tableTemplate;
    private final Map<String, String> overrides;
    private final Map<Namespace, TableName> known = new ConcurrentHashMap<>();
    private final Map<TableName, Namespace> owners = new ConcurrentHashMap<>();

    /**
     * @param schemaTemplate the schema's name, such as {@code {db}}
     * @param tableTemplate the table's name, such as {@code {collection}}
     * @param overrides {@code db.collection} to {@code schema.table}, for the exceptions
     */
    public TableNames(String schemaTemplate, String tableTemplate, Map<String, String> overrides) {
        this.schemaTemplate = schemaTemplate;
        this.tableTemplate = tableTemplate;
        this.overrides = Map.copyOf(overrides);
    }

    /**
     * The table of a collection, the same one every time.
     *
     * @throws TableConflictException if another collection has it already: two documents with one
     *     {@code _id} would meet in one row
     */
    public TableName of(Namespace namespace) {
        TableName table = known.get(namespace);
        return table != null ? table : resolve(namespace);
    }

    /** The table of a collection; none if another collection has it already. */
    public Optional<TableName> unlessTaken(Namespace namespace) {
        TableName table = name(namespace);
        Namespace owner = owners.get(table);
        return owner == null || owner.equals(namespace)
                ? Optional.of(of(namespace))
                : Optional.empty();
    }

    /** The collection that a table was given to; null if none was. */
    public @Nullable Namespace owner(TableName table) {
        return owners.get(table);
    }

    private TableName resolve(Namespace namespace) {
        TableName table = name(namespace);
        Namespace owner = owners.putIfAbsent(table, namespace);
        if (owner != null && !owner.equals(namespace)) {
            throw new TableConflictException(table, owner.toString(), namespace.toString());
        }
        known.put(namespace, table);
        return table;
    }

    /**
     * The table that its entry or the templates say, whether or not another collection has it.
     *
     * @throws IllegalArgumentException if they leave it or its schema without a name
     */
    public TableName name(Namespace namespace) {
        String override = overrides.get(namespace.toString());
        if (override == null) {
            return new TableName(fill(schemaTemplate, namespace), fill(tableTemplate, namespace));
        }
        int dot = override.indexOf('.');
        return dot < 0
                ? new TableName(fill(schemaTemplate, namespace), override)
                : new TableName(override.substring(0, dot), override.substring(dot + 1));
    }

    private static String fill(String template, Namespace namespace) {
        // One pass: a collection may itself be called "{db}".
        var filled = new StringBuilder();
        int at = 0;
        while (at < template.length()) {
            if (template.startsWith("{db}", at)) {
                filled.append(namespace.database());
                at += "{db}".length();
            } else if (template.startsWith("{collection}", at)) {
                filled.append(namespace.collection());
                at += "{collection}".length();
            } else {
                filled.append(template.charAt(at++));
            }
        }
        return filled.toString();
    }
}
