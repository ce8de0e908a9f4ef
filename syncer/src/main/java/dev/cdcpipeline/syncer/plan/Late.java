package dev.cdcpipeline.syncer.plan;

/**
 * Why a row may have been deleted before the change of it comes: the change is older than a delete
 * or a sweep of its partition, or its place among others is not known. Such a change is compared
 * with what is remembered of deleted rows and of sweeps.
 *
 * @param partition where it came, whose sweeps it must not be older than
 * @param isCopy whether it is a row of a snapshot that was not put back: these follow a sweep,
 *     whatever their version
 * @param isOfStream whether it belongs to a stream; if not, changes of its document may be in other
 *     partitions at the same time
 */
public record Late(PartitionId partition, boolean isCopy, boolean isOfStream) {}
