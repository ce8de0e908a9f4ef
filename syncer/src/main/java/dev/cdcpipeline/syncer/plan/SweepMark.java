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
 * @param everywhere whether it goes to every partition, as the pipeline's own markers do; the
 *     official MongoDB connector's drop event is in one partition only
 */
public record SweepMark(
        TableName table, PartitionId partition, Version version, boolean everywhere) {}
