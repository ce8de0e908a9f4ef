package dev.cdcpipeline.syncer.write;

import dev.cdcpipeline.syncer.plan.PartitionId;

import java.util.List;
import java.util.Set;

/** How the transaction of a batch ended. */
public sealed interface Outcome {

    /**
     * It is committed.
     *
     * @param tables what was done, table by table
     */
    record Written(List<TableResult> tables) implements Outcome {}

    /**
     * Nothing was done: somebody else moved these partitions on (I4).
     *
     * @param partitions the partitions, at least one
     */
    record Fenced(Set<PartitionId> partitions) implements Outcome {}
}
