package dev.cdcpipeline.syncer.write;

import dev.cdcpipeline.syncer.schema.TableName;

import org.jspecify.annotations.Nullable;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A table that is there, as PostgreSQL describes it, and whether it can take our rows (8.1). A
 * wrong type need not fail: {@code text} takes a binary {@code jsonb} with its version byte, and
 * {@code citext} takes two ids for one.
 *
 * @param relkind the kind of relation, as in {@code pg_class}
 * @param kindName its name
 * @param logged whether its rows outlive a crash of the server
 * @param columns by name
 * @param key what is unique
 * @param interference what may keep statements from doing what they say
 */
record TableShape(
        String relkind,
        String kindName,
        boolean logged,
        Map<String, Column> columns,
        Key key,
        Interference interference) {
    private static final String ID = "_id";
    private static final String DOC = "doc";
    private static final String VERSION = "_cdc_version";

    private static final String DESCRIBE =
            """
            select c.relkind, (pg_identify_object('pg_class'::regclass, c.oid, 0)).type,
                (select bool_or(p.relpersistence = 'u') from pg_class p
                    where p.oid = c.oid or p.oid in (select relid from pg_partition_tree(c.oid))),
                a.attname,
                format_type(a.atttypid, a.atttypmod), coalesce(l.collisdeterministic, true), a.attnotnull,
                a.attgenerated <> '' or a.attidentity = 'a'
            from pg_class c
                left join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
                left join pg_collation l on l.oid = a.attcollation
            where c.oid = to_regclass(?)""";

    /** Every one of these "on conflict (_id)" goes by; it minds no collation. */
    private static final String KEYS =
            """
            select bool_and(coalesce(l.collisdeterministic, true))
            from pg_index i join pg_attribute a on a.attrelid = i.indrelid
                left join pg_collation l on l.oid = i.indcollation[0]
            where i.indrelid = to_regclass(?) and a.attname = '_id' and i.indnkeyatts = 1 and i.indkey[0] = a.attnum
                and i.indisunique and i.indimmediate and i.indisvalid and i.indpred is null""";

    /**
     * A column.
     *
     * @param type its type, with its length if it has one
     * @param exact whether different texts are never equal in it
     * @param required whether it is {@code NOT NULL}
     * @param generated whether PostgreSQL alone fills it
     */
    record Column(String type, boolean exact, boolean required, boolean generated) {
        @Override
        public String toString() {
            return exact ? type : type + " in a nondeterministic collation";
        }

        /** Holds any id, and no two of them as one: varchar(n) cuts blanks at the end. */
        boolean takesIds() {
            return exact && Set.of("text", "character varying").contains(type);
        }
    }

    /** By what "on conflict" finds a row. */
    enum Key {
        NONE,
        /** Different ids may be one to it. */
        INEXACT,
        EXACT
    }

    /** The shape of a table; null if there is nothing of this name. */
    static @Nullable TableShape of(Connection connection, TableName table) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(DESCRIBE)) {
            query.setString(1, table.quoted());
            try (ResultSet row = query.executeQuery()) {
                return row.next()
                        ? of(row, key(connection, table), Interference.of(connection, table))
                        : null;
            }
        }
    }

    private static TableShape of(ResultSet row, Key key, Interference interference)
            throws SQLException {
        String relkind = row.getString(1);
        String kindName = row.getString(2);
        boolean logged = !row.getBoolean(3);
        var columns = new TreeMap<String, Column>();
        do {
            String name = row.getString(4);
            if (name != null) { // else it is a table without columns
                columns.put(
                        name,
                        new Column(
                                row.getString(5),
                                row.getBoolean(6),
                                row.getBoolean(7),
                                row.getBoolean(8)));
            }
        } while (row.next());
        return new TableShape(relkind, kindName, logged, columns, key, interference);
    }

    private static Key key(Connection connection, TableName table) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(KEYS)) {
            query.setString(1, table.quoted());
            try (ResultSet row = query.executeQuery()) {
                row.next();
                boolean exact = row.getBoolean(1);
                return row.wasNull() ? Key.NONE : exact ? Key.EXACT : Key.INEXACT;
            }
        }
    }

    /**
     * What the table is, fit to be written to, but for the version's column, which may be missing.
     *
     * @throws TableShapeException if it is not fit
     */
    TableTraits check(TableName table) {
        TableKind kind = kind(table);
        interference.check(table);
        if (!logged) {
            throw TableShapeException.unlogged(table);
        }
        checkColumns(table);
        switch (key) {
            case NONE -> throw TableShapeException.noKey(table);
            case INEXACT -> throw TableShapeException.inexactKey(table);
            case EXACT -> {}
        }
        return new TableTraits(kind, !interference.rowTriggers().isEmpty());
    }

    /**
     * Refuses a table of the Syncer's own that a crash would empty, or that would not take what is
     * written to it.
     *
     * @throws TableShapeException if it is not fit
     */
    void checkOwn(TableName table) {
        kind(table);
        if (!logged) {
            throw TableShapeException.unlogged(table);
        }
        interference.checkOwn(table);
    }

    boolean hasVersion() {
        return columns.containsKey(VERSION);
    }

    private TableKind kind(TableName table) {
        if ("r".equals(relkind)) {
            return TableKind.ORDINARY;
        }
        if ("p".equals(relkind)) {
            return TableKind.PARTITIONED;
        }
        throw TableShapeException.noTable(table, kindName);
    }

    private void checkColumns(TableName table) {
        Column id = columns.get(ID);
        Column doc = columns.get(DOC);
        Column version = columns.get(VERSION);
        if (id == null || doc == null) {
            throw TableShapeException.columns(table, columns.keySet());
        }
        Set<String> generated =
                columns.entrySet().stream()
                        .filter(each -> each.getValue().generated())
                        .map(Map.Entry::getKey)
                        .filter(Set.of(ID, DOC, VERSION)::contains)
                        .collect(Collectors.toUnmodifiableSet());
        if (!generated.isEmpty()) {
            throw TableShapeException.generated(table, generated);
        }
        var remedies = new ArrayList<String>();
        if (!id.takesIds()) {
            remedies.add("ALTER COLUMN _id TYPE text COLLATE \"C\"");
        }
        if (!"jsonb".equals(doc.type())) {
            remedies.add("ALTER COLUMN doc TYPE jsonb USING doc::text::jsonb");
        }
        if (version != null && !"bigint".equals(version.type())) {
            remedies.add("ALTER COLUMN _cdc_version TYPE bigint");
        }
        if (!remedies.isEmpty()) {
            throw TableShapeException.types(table, described(id, doc, version), remedies);
        }
        if (version != null && !version.required()) {
            throw TableShapeException.nullableVersion(table);
        }
    }

    private static String described(Column id, Column doc, @Nullable Column version) {
        String columns = "_id %s, doc %s".formatted(id, doc);
        return version == null ? columns : columns + ", _cdc_version " + version;
    }
}
