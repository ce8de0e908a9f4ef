package dev.cdcpipeline.syncer.consume;

import java.time.Duration;

/**
 * When a worker writes, and how much at once.
 *
 * @param maxRecords a batch is written at this many records (5.2)
 * @param maxWait or so long after its first record (5.3), whichever comes first
 * @param whenIdle or at once, when the worker has nothing else to do: {@code maxRecords} and {@code
 *     maxWait} are then bounds on waiting, not a delay
 * @param backlogRecords a batch takes up to so many records that are waiting already
 * @param maxBytes and up to so many bytes, whatever else is said; one record may exceed it
 */
public record BatchLimits(
        int maxRecords, Duration maxWait, boolean whenIdle, int backlogRecords, long maxBytes) {}
