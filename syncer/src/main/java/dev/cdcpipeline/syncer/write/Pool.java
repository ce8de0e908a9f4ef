package dev.cdcpipeline.syncer.write;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;

import java.time.Duration;
import java.util.Map;

/** Opens the connection pool. */
public final class Pool {
    /**
     * An instance that stands still in the middle of a transaction (stopped, swapped out, cut off)
     * must not keep its locks on the ledger from the one that takes over. After this the server
     * ends its session; within a COPY that takes {@code transaction_timeout}, of PostgreSQL 17.
     */
    private static final String ZOMBIES =
            "set idle_in_transaction_session_timeout = '10s';"
                    + " select set_config('transaction_timeout', '60s', false)"
                    + " where current_setting('server_version_num')::int >= 170000";

    /**
     * Our sessions look rows up by key and nothing else. A plan that was made while a table was
     * small, or has no statistics yet, must not scan it for every batch once it is large.
     */
    private static final String SESSION =
            "set jit = off; set enable_seqscan = off; set enable_hashjoin = off;"
                    + " set enable_mergejoin = off; set plan_cache_mode = force_generic_plan; "
                    + CopyRows.CREATE_STAGE
                    + "; "
                    + ZOMBIES;

    private Pool() {}

    /**
     * Opens a pool. A caller waits {@code acquireTimeout} for a connection before it gets a
     * transient exception, which is retried: it waits, it does not fail (7.5).
     *
     * @param url the JDBC URL
     * @param user the user
     * @param password the password; empty if none
     * @param size the number of connections
     * @param acquireTimeout how long to wait for a free connection
     * @param properties further properties of the JDBC driver
     */
    public static HikariDataSource open(
            String url,
            String user,
            String password,
            int size,
            Duration acquireTimeout,
            Map<String, String> properties) {
        var config = new HikariConfig();
        config.setPoolName("postgresql");
        config.setJdbcUrl(url);
        config.setUsername(user);
        config.setPassword(password);
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
        config.addDataSourceProperty("tcpKeepAlive", "true");
        // Its details quote keys and values of rows, and messages end up in logs.
        config.addDataSourceProperty("logServerErrorDetail", "false");
        properties.forEach(config::addDataSourceProperty);
        return new HikariDataSource(config);
    }
}
