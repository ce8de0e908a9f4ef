package dev.cdcpipeline.syncer.consume;

import dev.cdcpipeline.syncer.plan.PartitionId;
import dev.cdcpipeline.syncer.plan.Progress;

/** Kafka no longer holds what the ledger says comes next (I5). The service stops and says so. */
public final class DataLossException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private DataLossException(String message) {
        super(message);
    }

    static DataLossException offsetGone(Progress ledger, long first) {
        return new DataLossException(
                "%s: the next offset to apply is %d, but Kafka's first is %d: %d records were deleted before they were applied. Take a new snapshot of the collection, then set syncer.on-loss.offset-gone to continue, or move the ledger by hand."
                        .formatted(
                                ledger.partition(),
                                ledger.nextOffset(),
                                first,
                                first - ledger.nextOffset()));
    }

    static DataLossException aheadOfLog(Progress ledger, long end) {
        return new DataLossException(
                "%s: the ledger is at offset %d, but Kafka's log ends at %d: Kafka lost records that were applied, and new ones may have taken their offsets. Check the brokers; to apply the log again from its start, set syncer.on-loss.ledger-ahead to continue."
                        .formatted(ledger.partition(), ledger.nextOffset(), end));
    }

    static DataLossException topicCreatedAnew(PartitionId partition) {
        return new DataLossException(
                "%s: the topic was deleted and created anew; records of the old one may never have been applied. To apply the new topic from its start, set syncer.on-loss.topic-recreated to continue."
                        .formatted(partition));
    }
}
