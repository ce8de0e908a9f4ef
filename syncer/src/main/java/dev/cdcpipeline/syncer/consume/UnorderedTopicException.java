package dev.cdcpipeline.syncer.consume;

import dev.cdcpipeline.platform.failure.Explained;
import dev.cdcpipeline.syncer.plan.PartitionId;

/** A topic in which a document's changes have no order (I3). The service stops. */
public final class UnorderedTopicException extends RuntimeException implements Explained {
    private static final long serialVersionUID = 1L;

    UnorderedTopicException(PartitionId partition, int partitions) {
        super(
                "%s: the records have no keys, or their resume tokens as keys, as the official MongoDB connector writes them by default, and the topic has %d partitions: the changes of a document are in all of them without order, and a deleted row could come back. Have the connector key them by the document (output.schema.key), or use a topic of one partition."
                        .formatted(partition, partitions));
    }
}
