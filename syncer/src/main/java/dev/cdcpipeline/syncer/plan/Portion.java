package dev.cdcpipeline.syncer.plan;

import java.util.List;

/**
 * The part of a batch that comes from one partition.
 *
 * @param from how far the partition was before it
 * @param records its records, in the order of their offsets
 */
public record Portion(Progress from, List<Records> records) {}
