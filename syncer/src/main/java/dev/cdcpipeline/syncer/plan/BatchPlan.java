package dev.cdcpipeline.syncer.plan;

import java.util.List;

/**
 * All that a batch comes down to; to be done in one transaction.
 *
 * @param advances the ledger's steps
 * @param tables the changes, sorted by table
 * @param sweeps the sweep markers that arrived, in order
 * @param bad records that must be set aside before the ledger moves past them
 * @param tally what happened on the way
 */
public record BatchPlan(
        List<Advance> advances,
        List<TableChanges> tables,
        List<SweepMark> sweeps,
        List<BadRecord> bad,
        Tally tally) {}
