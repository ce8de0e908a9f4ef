package dev.cdcpipeline.syncer.app;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;

import dev.cdcpipeline.platform.secret.Secret;
import dev.cdcpipeline.syncer.write.Pool;

import java.sql.SQLException;

/** Connections to the database that the settings name. */
final class TargetPool {
    private TargetPool() {}

    static HikariDataSource open(TargetSettings target, int workers) {
        return Pool.open(
                target.url(),
                target.user(),
                password(target),
                target.poolSize().orElse(workers + 1),
                target.acquireTimeout(),
                target.properties());
    }

    /** While connections are in use, the work itself tells whether the database answers. */
    static void ask(TargetSettings target, HikariDataSource pool) throws SQLException {
        HikariPoolMXBean connections = pool.getHikariPoolMXBean();
        if (connections == null || connections.getActiveConnections() == 0) {
            Pool.ask(target.url(), target.user(), password(target), target.properties());
        }
    }

    /** Sets up a session as the pool does, and says why it cannot be done. */
    static void trySession(TargetSettings target) throws SQLException {
        Pool.trySession(target.url(), target.user(), password(target), target.properties());
    }

    /** What our sessions wait for in the database; empty if for no lock. */
    static String locks(TargetSettings target) throws SQLException {
        return Pool.locks(target.url(), target.user(), password(target), target.properties());
    }

    private static String password(TargetSettings target) {
        return target.password().map(Secret::reveal).orElse("");
    }
}
