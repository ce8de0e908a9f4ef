package dev.cdcpipeline.syncer.write;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;

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

    private static final String ASK_SECONDS = "5";

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
        driverProperties(properties).forEach(config::addDataSourceProperty);
        return new HikariDataSource(config);
    }

    /**
     * Connects once, aside from the pool, which would try for {@code acquireTimeout} before it says
     * that the password is wrong.
     *
     * @throws SQLException if there is no connection within a few seconds
     */
    public static void ask(String url, String user, String password, Map<String, String> properties)
            throws SQLException {
        var all = new Properties();
        all.putAll(driverProperties(properties));
        all.setProperty("user", user);
        all.setProperty("password", password);
        all.setProperty("ApplicationName", "cdc-syncer-probe");
        all.putIfAbsent("connectTimeout", ASK_SECONDS);
        all.putIfAbsent("socketTimeout", ASK_SECONDS);
        try (Connection connection = DriverManager.getConnection(url, all);
                Statement statement = connection.createStatement()) {
            statement.execute("select 1");
        }
    }

    /**
     * The operator's, and a check of the host's name whose refusal can be told from a broken line.
     */
    private static Map<String, String> driverProperties(Map<String, String> properties) {
        var all = new HashMap<>(properties);
        all.putIfAbsent("sslhostnameverifier", CertifiedHost.class.getName());
        return all;
    }
}
