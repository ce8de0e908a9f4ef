package dev.cdcpipeline.syncer.app;

import dev.cdcpipeline.platform.health.Component;
import dev.cdcpipeline.syncer.plan.BatchPlan;
import dev.cdcpipeline.syncer.write.BatchStore;
import dev.cdcpipeline.syncer.write.Outcome;

import java.sql.SQLException;

/** Says that the database works whenever a batch went through. */
record HealthyStore(BatchStore store, Component health) implements BatchStore {

    @Override
    public Outcome write(BatchPlan plan) throws SQLException {
        Outcome outcome = store.write(plan);
        health.up();
        return outcome;
    }
}
