package dev.cdcpipeline.syncer.write;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;

import dev.cdcpipeline.postgresql.PostgresLogin;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.StringJoiner;

/** Opens the connection pool. */
public final class Pool {
    /**
     * An instance that stands still in the middle of a transaction (stopped, swapped out, cut off)
     * must not keep its locks on the ledger from the one that takes over. After this the server
     * ends its session; within a COPY that takes {@code transaction_timeout}, of PostgreSQL 17. As
     * this bounds how long an answer takes, a line that has gone dead can be told from a server
     * that works; before PostgreSQL 17 a bound on statements has to do.
     */
    private static final String ZOMBIES =
            "set idle_in_transaction_session_timeout = '10s';"
                    + " select set_config('transaction_timeout', '60s', false)"
                    + " where current_setting('server_version_num')::int >= 170000;"
                    + " select set_config('statement_timeout', '60s', false)"
                    + " where current_setting('server_version_num')::int < 170000"
                    + " and current_setting('statement_timeout')::interval not between '1ms' and '60s'";

    /**
     * Our sessions look rows up by key and nothing else. A plan that was made while a table was
     * small, or has no statistics yet, must not scan it for every batch once it is large. Each
     * statement sees what others have committed, whatever the role's default: the count of sweeps
     * rests on it.
     */
    private static final String SESSION =
            "set default_transaction_isolation = 'read committed'; set jit = off; set enable_seqscan = off; set enable_hashjoin = off;"
                    + " set enable_mergejoin = off; set plan_cache_mode = force_generic_plan; "
                    + CopyRows.CREATE_STAGE
                    + "; "
                    + ZOMBIES;

    /** Not the statements: they may hold values. */
    private static final String LOCKS =
            """
            select distinct format('a lock that session %s holds (user %s, application %s)', holder.pid,
                coalesce(holder.usename, '?'), coalesce(nullif(holder.application_name, ''), '?'))
            from pg_stat_activity ours
            cross join lateral unnest(pg_blocking_pids(ours.pid)) blocker(pid)
            join pg_stat_activity holder on holder.pid = blocker.pid
            where ours.datname = current_database() and ours.usename = current_user
                and ours.application_name = 'cdc-syncer'
            limit 3
            """;

    /** Longer than the server works on any of our statements; a sweep waits without end. */
    private static final int ANSWER_SECONDS = 90;

    private static final int ASK_SECONDS = 5;

    /** What the server calls sessions aside from the pool. */
    private static final String PROBE = "cdc-syncer-probe";

    private Pool() {}

    /**
     * Opens a pool. A caller waits {@code acquireTimeout} for a connection before it gets a
     * transient exception, which is retried: it waits, it does not fail (7.5).
     *
     * @param login where the database is
     * @param size the number of connections
     * @param acquireTimeout how long to wait for a free connection
     */
    public static HikariDataSource open(PostgresLogin login, int size, Duration acquireTimeout) {
        var config = new HikariConfig();
        config.setPoolName("postgresql");
        config.setJdbcUrl(login.url());
        config.setUsername(login.user());
        config.setPassword(login.password());
        config.setMaximumPoolSize(size);
        config.setMinimumIdle(Math.min(1, size));
        config.setConnectionTimeout(acquireTimeout.toMillis());
        config.setAutoCommit(false);
        config.setExceptionOverride(new Failover());
        config.setConnectionInitSql(SESSION);
        // Commits the above; the first transaction that is rolled back would take it away again.
        config.setIsolateInternalQueries(true);
        // A database that is down at the start is waited for like one that goes down later.
        config.setInitializationFailTimeout(-1);
        config.addDataSourceProperty("ApplicationName", "cdc-syncer");
        login.driverProperties(ANSWER_SECONDS).forEach(config::addDataSourceProperty);
        return new SessionPool(config, () -> setUp(login));
    }

    /**
     * Sets up a session as the pool does, once and aside from it.
     *
     * @throws SQLException what a caller of the pool would get, at once: an explanation where a
     *     privilege is missing
     */
    public static void trySession(PostgresLogin login) throws SQLException {
        try {
            setUp(login);
        } catch (SQLException e) {
            throw explained(e);
        }
    }

    private static void setUp(PostgresLogin login) throws SQLException {
        try (Connection connection = login.connect(PROBE, ASK_SECONDS);
                Statement statement = connection.createStatement()) {
            statement.execute(SESSION);
        }
    }

    /** What the one who needs a connection gets to know. */
    static SQLException explained(SQLException cause) {
        SQLException explained = MissingPrivilegeException.explain(cause);
        return explained.equals(cause) ? new NoConnectionException(cause) : explained;
    }

    /**
     * Connects once, aside from the pool, which would try for {@code acquireTimeout} before it says
     * that the password is wrong.
     *
     * @throws SQLException if there is no connection within a few seconds
     */
    public static void ask(PostgresLogin login) throws SQLException {
        try (Connection connection = login.connect(PROBE, ASK_SECONDS);
                Statement statement = connection.createStatement()) {
            statement.execute("select 1");
        }
    }

    /**
     * What the sessions of this user's Syncers wait for in the database, as far as PostgreSQL
     * tells; empty if for no lock.
     *
     * @throws SQLException if it cannot be asked within a few seconds
     */
    public static String locks(PostgresLogin login) throws SQLException {
        try (Connection connection = login.connect(PROBE, ASK_SECONDS);
                Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery(LOCKS)) {
            var locks = new StringJoiner(", ");
            while (found.next()) {
                locks.add(found.getString(1));
            }
            return locks.toString();
        }
    }
}
