package dev.cdcpipeline.syncer.deadletter;

import dev.cdcpipeline.syncer.plan.BadRecord;

import java.util.List;

/** Where records go that cannot be applied. */
@FunctionalInterface
public interface DeadLetters {

    /**
     * Keeps the records; when it returns they are durable, and the ledger may move past them.
     *
     * @throws Exception if they could not be kept
     */
    void send(List<BadRecord> bad) throws Exception;
}
