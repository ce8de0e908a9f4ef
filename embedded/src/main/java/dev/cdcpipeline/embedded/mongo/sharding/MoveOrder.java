package dev.cdcpipeline.embedded.mongo.sharding;

/**
 * In which order a stream shows the two halves of a document's move to another shard. Each half has
 * its own shard's cluster time, so a real cluster shows any of these.
 */
public enum MoveOrder {
    DELETE_FIRST(true, false),
    INSERT_FIRST(false, false),
    /** Both halves have one cluster time, as their transaction committed on both shards at once. */
    DELETE_FIRST_AT_ONE_TIME(true, true),
    INSERT_FIRST_AT_ONE_TIME(false, true);

    private final boolean deleteFirst;
    private final boolean oneTime;

    MoveOrder(boolean deleteFirst, boolean oneTime) {
        this.deleteFirst = deleteFirst;
        this.oneTime = oneTime;
    }

    boolean deleteFirst() {
        return deleteFirst;
    }

    boolean oneTime() {
        return oneTime;
    }
}
