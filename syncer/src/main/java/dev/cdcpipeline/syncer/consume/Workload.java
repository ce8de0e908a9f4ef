package dev.cdcpipeline.syncer.consume;

/**
 * How the work is shared out.
 *
 * @param workers the number of workers
 * @param limits when they write, and how much at once
 * @param queueBytes what may wait for all of them together
 */
public record Workload(int workers, BatchLimits limits, long queueBytes) {}
