package dev.cdcpipeline.syncer.plan;

import dev.cdcpipeline.model.Version;
import dev.cdcpipeline.syncer.schema.TableName;

/**
 * A sweep marker that arrived in a partition: once every partition of the topic has it, the rows
 * older than its version are gone.
 *
 * @param table the table to be swept
 * @param partition where the marker arrived
 * @param version rows of a lower version go
 */
public record SweepMark(TableName table, PartitionId partition, Version version) {}
