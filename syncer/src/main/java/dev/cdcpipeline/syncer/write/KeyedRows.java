package dev.cdcpipeline.syncer.write;

import dev.cdcpipeline.syncer.schema.FormerRowKey;
import dev.cdcpipeline.syncer.schema.TableName;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The rows of a table by their keys, for {@link KeyMigration}; in the caller's transaction. */
final class KeyedRows {
    private static final int CHUNK = 1_000;
    private static final int WINDOW = 10_000;

    private static final String BYTE_ORDER =
            """
            select exists (select from pg_attribute a join pg_collation l on l.oid = a.attcollation
            where a.attrelid = to_regclass(?) and a.attname = '_id' and l.collname in ('C', 'POSIX'))""";

    private static final String IN_RANGE =
            "select _id from %s where _id > ? and _id < ? order by _id limit " + CHUNK;

    /** In the order of a language there is no range of a prefix: all rows are looked at. */
    private static final String ANYWHERE =
            """
            select max(_id), count(*),
                array_agg(_id) filter (where _id ~ '^[$](bson|decimal|double|long):')
            from (select _id from $table where _id > ? order by _id limit $window) as part""";

    /** Of the rows that have one key from now on, the newest stays, as if it had been one row. */
    private static final String REMOVE_OLDER =
            """
            with moves as (select * from unnest(?::text[], ?::text[]) as m (former, canonical)),
            keys as (select former, canonical from moves union select canonical, canonical from moves),
            ranked as (select t._id, row_number() over (partition by k.canonical
                    order by t._cdc_version desc, k.former = k.canonical desc) as place
                from keys k join %1$s t on t._id = k.former)
            delete from %1$s t using ranked r where t._id = r._id and r.place > 1""";

    private static final String REWRITE =
            """
            update %s t set _id = m.canonical
            from unnest(?::text[], ?::text[]) as m (former, canonical) where t._id = m.former""";

    /** A hashed string or binary has one form only. */
    private static final String HASHED_DOCUMENTS =
            """
            select count(*) from $table where $hashed
            and jsonb_typeof(doc->'_id') in ('object', 'array') and not doc->'_id' ? '$binary'""";

    private final Connection connection;
    private final TableName table;

    KeyedRows(Connection connection, TableName table) {
        this.connection = connection;
        this.table = table;
    }

    /**
     * What becomes of some keys.
     *
     * @param former those that change
     * @param canonical what each becomes
     * @param last whether there are no more keys after these
     */
    record Moves(List<String> former, List<String> canonical, boolean last) {
        boolean isEmpty() {
            return former.isEmpty();
        }
    }

    /** Whether keys with the same beginning are beside each other in the index. */
    boolean areInByteOrder() throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(BYTE_ORDER)) {
            query.setString(1, table.quoted());
            try (ResultSet row = query.executeQuery()) {
                row.next();
                return row.getBoolean(1);
            }
        }
    }

    /** Whether there is a key that begins so; only in byte order. */
    boolean haveOne(String prefix) throws SQLException {
        return haveAny(List.of(prefix));
    }

    /** Whether there are keys that may be of a former form; only in byte order. */
    boolean mayHaveFormerKeys() throws SQLException {
        var prefixes = new ArrayList<>(FormerRowKey.PREFIXES);
        prefixes.add(FormerRowKey.HASHED);
        return haveAny(prefixes);
    }

    private boolean haveAny(List<String> prefixes) throws SQLException {
        String any =
                prefixes.stream()
                        .map(
                                prefix ->
                                        "exists (select from %s where %s)"
                                                .formatted(table.quoted(), inRange(prefix)))
                        .collect(Collectors.joining(" or "));
        try (Statement query = connection.createStatement();
                ResultSet row = query.executeQuery("select " + any)) {
            row.next();
            return row.getBoolean(1);
        }
    }

    private static String inRange(String prefix) {
        return "_id > '%s' and _id < '%s'".formatted(prefix, after(prefix));
    }

    /** The rows whose keys begin so; only in byte order. */
    Scan from(String prefix) {
        return new Scan(prefix, prefix);
    }

    /** All rows. */
    Scan all() {
        return new Scan("", "");
    }

    /** How many rows of documents, arrays and code have a hash for a key. */
    long countHashedDocuments(boolean inOrder) throws SQLException {
        String where =
                inOrder
                        ? inRange(FormerRowKey.HASHED)
                        : "_id like '%s%%'".formatted(FormerRowKey.HASHED);
        try (Statement query = connection.createStatement();
                ResultSet row =
                        query.executeQuery(
                                HASHED_DOCUMENTS
                                        .replace("$hashed", where)
                                        .replace("$table", table.quoted()))) {
            row.next();
            return row.getLong(1);
        }
    }

    private String sql(String template) {
        return template.formatted(table.quoted());
    }

    /** The text before which all texts are that begin so. */
    private static String after(String prefix) {
        int last = prefix.length() - 1;
        return prefix.substring(0, last) + (char) (prefix.charAt(last) + 1);
    }

    /** Goes over rows in the order of their keys, a chunk at a time. */
    final class Scan {
        private final String prefix;
        private String last;
        private boolean ended;

        /**
         * @param prefix of all keys; empty for all that may be of a former form
         * @param last the key after which to start
         */
        private Scan(String prefix, String last) {
            this.prefix = prefix;
            this.last = last;
        }

        /** The changes of the next chunk. */
        Moves next() throws SQLException {
            List<String> keys = prefix.isEmpty() ? nextAnywhere() : nextInRange();
            var former = new ArrayList<String>();
            var canonical = new ArrayList<String>();
            for (String key : keys) {
                String today = FormerRowKey.canonical(key);
                if (!today.equals(key)) {
                    former.add(key);
                    canonical.add(today);
                }
            }
            return new Moves(former, canonical, ended);
        }

        private List<String> nextInRange() throws SQLException {
            var keys = new ArrayList<String>();
            try (PreparedStatement query = connection.prepareStatement(sql(IN_RANGE))) {
                query.setString(1, last);
                query.setString(2, after(prefix));
                try (ResultSet rows = query.executeQuery()) {
                    while (rows.next()) {
                        last = rows.getString(1);
                        keys.add(last);
                    }
                }
            }
            ended = keys.size() < CHUNK;
            return keys;
        }

        private List<String> nextAnywhere() throws SQLException {
            try (PreparedStatement query =
                    connection.prepareStatement(
                            ANYWHERE.replace("$window", Integer.toString(WINDOW))
                                    .replace("$table", table.quoted()))) {
                query.setString(1, last);
                try (ResultSet row = query.executeQuery()) {
                    row.next();
                    String end = row.getString(1);
                    ended = row.getLong(2) < WINDOW;
                    last = end == null ? last : end;
                    Array keys = row.getArray(3);
                    return keys == null ? List.of() : List.of((String[]) keys.getArray());
                }
            }
        }

        /** Nobody writes to the table from here to the end of the transaction. */
        long removeOlder(Moves moves) throws SQLException {
            try (Statement lock = connection.createStatement()) {
                lock.execute("lock table " + table.quoted() + " in share row exclusive mode");
            }
            return execute(REMOVE_OLDER, moves);
        }

        /** Gives the rows that are left their new key; no two of them have the same now. */
        long rewrite(Moves moves) throws SQLException {
            return execute(REWRITE, moves);
        }

        private long execute(String statement, Moves moves) throws SQLException {
            try (PreparedStatement change = connection.prepareStatement(sql(statement))) {
                change.setArray(1, connection.createArrayOf("text", moves.former().toArray()));
                change.setArray(2, connection.createArrayOf("text", moves.canonical().toArray()));
                return change.executeLargeUpdate();
            }
        }
    }
}
