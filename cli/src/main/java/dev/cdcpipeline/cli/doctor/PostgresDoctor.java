package dev.cdcpipeline.cli.doctor;

import dev.cdcpipeline.platform.failure.Explainer;
import dev.cdcpipeline.postgresql.Identifiers;
import dev.cdcpipeline.postgresql.PostgresErrors;
import dev.cdcpipeline.syncer.app.SyncerSettings;
import dev.cdcpipeline.syncer.app.TargetPool;
import dev.cdcpipeline.syncer.app.TargetSettings;
import dev.cdcpipeline.syncer.schema.TableName;
import dev.cdcpipeline.syncer.write.TableFitness;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Looks at PostgreSQL as a Syncer needs it: reachable, logged in, with the rights to write. */
final class PostgresDoctor {
    private static final int OLDEST_TESTED = 14;

    private static final String SERVER =
            """
            select current_setting('server_version'), current_setting('server_version_num')::int / 10000,
                current_user, current_database(), current_setting('server_encoding'),
                pg_is_in_recovery() or current_setting('default_transaction_read_only') = 'on',
                has_database_privilege(current_database(), 'CREATE'),
                has_database_privilege(current_database(), 'TEMPORARY'),
                (select bool_and(to_regclass('cdc.' || name) is not null)
                    from unnest(array['ledger', 'topic', 'target', 'sweep']) as own (name))""";

    /** Tables that a Syncer made or writes to, and what is lacking. */
    private static final String TABLES =
            """
            select format('%I.%I', n.nspname, c.relname), format('%I', n.nspname),
                has_schema_privilege(n.oid, 'USAGE'),
                has_table_privilege(c.oid, 'SELECT') and has_table_privilege(c.oid, 'INSERT')
                    and has_table_privilege(c.oid, 'UPDATE') and has_table_privilege(c.oid, 'DELETE'),
                n.nspname, c.relname
            from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where c.relkind in ('r', 'p') and (
                (n.nspname = 'cdc' and c.relname in ('ledger', 'topic', 'target', 'sweep'))
                or (exists (select from pg_attribute a where a.attrelid = c.oid
                    and a.attname = '_cdc_version' and not a.attisdropped)
                    and pg_table_is_visible(c.oid) is not null and n.nspname !~ '^pg_'))
            order by 1""";

    /** Whether it can be read whose the tables are. */
    private static final String KNOWS_OWNERS =
            """
            select coalesce(has_table_privilege(to_regclass('cdc.target'), 'SELECT'), false)
                and exists (select from pg_attribute
                    where attrelid = to_regclass('cdc.target') and attname = 'table_name')""";

    /** Those that other groups write to, and this one does not. */
    private static final String OTHERS =
            """
            select format('%I.%I', table_schema, table_name) from cdc.target
            group by table_schema, table_name having bool_and(consumer_group <> ?)""";

    private final String group;
    private final TargetSettings target;
    private final Explainer explainer;
    private final Findings findings;

    PostgresDoctor(SyncerSettings settings, Explainer explainer, Findings findings) {
        this.group = settings.kafka().group();
        this.target = settings.postgresql();
        this.explainer = explainer;
        this.findings = findings;
    }

    /** What PostgreSQL says of itself and of the user. */
    private record Server(
            String version,
            int major,
            String user,
            String database,
            String encoding,
            boolean readOnly,
            boolean mayCreate,
            boolean mayUseTemporary,
            boolean prepared) {}

    void examine(Duration limit) {
        int seconds = Math.toIntExact(Math.max(1, limit.toSeconds()));
        try (Connection connection =
                TargetPool.login(target).connect("cdc-config-check", seconds)) {
            connection.setReadOnly(true);
            examine(connection);
        } catch (SQLException e) {
            String state = String.valueOf(e.getSQLState());
            String what = state.startsWith("28") ? "PostgreSQL login" : "PostgreSQL";
            explainer
                    .on(e)
                    .ifPresentOrElse(
                            found -> findings.wrong(what, found),
                            () -> findings.wrong(what, Reason.of(e), "see syncer.postgresql"));
        }
    }

    private void examine(Connection connection) throws SQLException {
        Server server = server(connection);
        String where =
                "%s, version %s, user %s".formatted(target.url(), server.version(), server.user());
        if (server.readOnly()) {
            findings.wrong(
                    "PostgreSQL",
                    where + ": it is read-only",
                    explainer.fill(PostgresErrors.explanation(PostgresErrors.READ_ONLY)).remedy());
        } else if (server.major() < OLDEST_TESTED) {
            findings.note("PostgreSQL", where, "14 or later is what the Syncer is written for");
        } else {
            findings.ok("PostgreSQL", where);
        }
        if (!server.encoding().equals("UTF8")) {
            findings.wrong(
                    "PostgreSQL encoding",
                    "the database holds " + server.encoding() + ", documents are Unicode",
                    "create a database with ENCODING 'UTF8'");
        }
        databaseRights(server);
        tableRights(connection, server);
    }

    private static Server server(Connection connection) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(SERVER);
                ResultSet row = query.executeQuery()) {
            row.next();
            return new Server(
                    row.getString(1),
                    row.getInt(2),
                    row.getString(3),
                    row.getString(4),
                    row.getString(5),
                    row.getBoolean(6),
                    row.getBoolean(7),
                    row.getBoolean(8),
                    row.getBoolean(9));
        }
    }

    private void databaseRights(Server server) {
        String what = "PostgreSQL rights on database " + server.database();
        List<String> missing = new ArrayList<>();
        if (!server.mayCreate()) {
            missing.add("CREATE");
        }
        if (!server.mayUseTemporary()) {
            missing.add("TEMPORARY");
        }
        String grant =
                "GRANT %s ON DATABASE %s TO %s;"
                        .formatted(
                                String.join(", ", missing),
                                Identifiers.quote(server.database()),
                                Identifiers.quote(server.user()));
        if (missing.isEmpty()) {
            findings.ok(what, "may create schemas and tables");
        } else if (server.prepared() && server.mayUseTemporary()) {
            findings.note(
                    what,
                    "may not create schemas: the table of a new collection would stop the Syncer",
                    grant + " (or make each table beforehand)");
        } else {
            findings.wrong(what, "this user lacks " + missing, grant);
        }
    }

    private void tableRights(Connection connection, Server server) throws SQLException {
        int fine = 0;
        Set<String> others = tablesOfOthers(connection);
        try (PreparedStatement query = connection.prepareStatement(TABLES);
                ResultSet row = query.executeQuery()) {
            while (row.next()) {
                String table = row.getString(1);
                if (others.contains(table)) {
                    continue;
                }
                if (row.getBoolean(3) && row.getBoolean(4)) {
                    var name = new TableName(row.getString(5), row.getString(6));
                    fine += fits(connection, name) ? 1 : 0;
                    continue;
                }
                String grant =
                        "GRANT USAGE ON SCHEMA %s TO %s; GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO %s;"
                                .formatted(
                                        row.getString(2),
                                        Identifiers.quote(server.user()),
                                        table,
                                        Identifiers.quote(server.user()));
                findings.wrong("PostgreSQL table " + table, "this user may not write to it", grant);
            }
        }
        if (fine > 0) {
            findings.ok("PostgreSQL tables", fine + " made earlier, writable");
        }
    }

    private Set<String> tablesOfOthers(Connection connection) throws SQLException {
        var others = new HashSet<String>();
        try (PreparedStatement query = connection.prepareStatement(KNOWS_OWNERS);
                ResultSet row = query.executeQuery()) {
            if (!row.next() || !row.getBoolean(1)) {
                return others;
            }
        }
        try (PreparedStatement query = connection.prepareStatement(OTHERS)) {
            query.setString(1, group);
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    others.add(row.getString(1));
                }
            }
        }
        return others;
    }

    /** Whether the Syncer would write to it, as far as the table itself goes. */
    private boolean fits(Connection connection, TableName table) throws SQLException {
        Optional<String> complaint =
                TableFitness.complaint(connection, table, table.schema().equals("cdc"));
        complaint.ifPresent(says -> findings.wrong("PostgreSQL table " + table, says, ""));
        return complaint.isEmpty();
    }
}
