package dev.cdcpipeline.syncer.write;

import dev.cdcpipeline.syncer.plan.BatchPlan;

import java.sql.SQLException;

/** Where batches go: PostgreSQL, or a model of it in tests. */
@FunctionalInterface
public interface BatchStore {

    /**
     * Does all of the plan or nothing. After an exception it is unknown which; the compare-and-set
     * of the next attempt tells.
     *
     * @throws SQLException as PostgreSQL reports it
     */
    Outcome write(BatchPlan plan) throws SQLException;

    /**
     * What its writes wait for, as far as that can be told; empty if nothing is known. May take
     * seconds.
     *
     * @throws SQLException if it cannot be told
     */
    default String waitsFor() throws SQLException {
        return "";
    }
}
