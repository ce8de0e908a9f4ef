package dev.cdcpipeline.syncer.plan;

/**
 * The step of a partition in the ledger: valid only if the ledger still says {@code from}.
 *
 * @param from before the batch
 * @param to after it
 */
public record Advance(Progress from, Progress to) {}
