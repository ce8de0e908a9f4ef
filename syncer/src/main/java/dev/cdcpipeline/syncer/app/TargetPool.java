package dev.cdcpipeline.syncer.app;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;

import dev.cdcpipeline.platform.secret.Secret;
import dev.cdcpipeline.postgresql.PostgresLogin;
import dev.cdcpipeline.syncer.write.Pool;

import java.sql.SQLException;

/** Connections to the database that the settings name. */
public final class TargetPool {
    private TargetPool() {}

    static HikariDataSource open(TargetSettings target, int workers) {
        return Pool.open(
                login(target), target.poolSize().orElse(workers + 1), target.acquireTimeout());
    }

    /** While connections are in use, the work itself tells whether the database answers. */
    static void ask(TargetSettings target, HikariDataSource pool) throws SQLException {
        HikariPoolMXBean connections = pool.getHikariPoolMXBean();
        if (connections == null || connections.getActiveConnections() == 0) {
            Pool.ask(login(target));
        }
    }

    /** Sets up a session as the pool does, and says why it cannot be done. */
    static void trySession(TargetSettings target) throws SQLException {
        Pool.trySession(login(target));
    }

    /** What our sessions wait for in the database; empty if for no lock. */
    static String locks(TargetSettings target) throws SQLException {
        return Pool.locks(login(target));
    }

    /** Where the database is and as whom to connect. */
    public static PostgresLogin login(TargetSettings target) {
        return new PostgresLogin(
                target.url(),
                target.user(),
                target.password().map(Secret::reveal).orElse(""),
                target.properties());
    }
}
