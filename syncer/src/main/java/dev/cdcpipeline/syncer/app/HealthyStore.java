package dev.cdcpipeline.syncer.app;

import dev.cdcpipeline.platform.health.Component;
import dev.cdcpipeline.platform.health.Health;
import dev.cdcpipeline.platform.health.Heartbeat;
import dev.cdcpipeline.syncer.plan.BatchPlan;
import dev.cdcpipeline.syncer.write.BatchStore;
import dev.cdcpipeline.syncer.write.Outcome;

import java.sql.SQLException;
import java.time.Duration;

/**
 * Says that the database works whenever a batch went through, and has the watchdog look at the
 * worker that writes: a dead line that takes no more bytes ends only when the system gives it up.
 */
record HealthyStore(BatchStore store, Component database, Health health, TargetSettings target)
        implements BatchStore {
    /** Longer than anybody should lock a table. */
    private static final Duration DEADLINE = Duration.ofMinutes(10);

    @Override
    public Outcome write(BatchPlan plan) throws SQLException {
        try (Heartbeat worker = health.heartbeat(Thread.currentThread().getName(), DEADLINE)) {
            if (plan.sweeps().isEmpty()) { // a sweep of a large table may take hours
                worker.beat();
            }
            Outcome outcome = store.write(plan);
            database.up();
            return outcome;
        }
    }

    @Override
    public String waitsFor() throws SQLException {
        return TargetPool.locks(target);
    }
}
