package dev.cdcpipeline.syncer.consume;

import dev.cdcpipeline.platform.failure.Explained;
import dev.cdcpipeline.syncer.plan.Progress;
import dev.cdcpipeline.syncer.write.TopicIdentity;

/** Kafka no longer holds what the ledger says comes next (I5). The service stops and says so. */
public final class DataLossException extends RuntimeException implements Explained {
    private static final long serialVersionUID = 1L;

    private DataLossException(String message) {
        super(message);
    }

    static DataLossException offsetGone(Progress ledger, long first) {
        return new DataLossException(
                "%s: the next offset to apply is %d, but Kafka's first is %d: %d records were deleted before they were applied. To go on with what Kafka has, set syncer.on-loss.offset-gone to continue for one start; then compare by cdc verify and mend the rows it finds."
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

    static DataLossException logWasCut(Progress ledger, long at) {
        return new DataLossException(
                "%s: the ledger is at offset %d, but Kafka lost its log from offset %d on, and other records have these offsets now: a broker was lost, or an unclean leader was elected. Check the brokers; to apply the log from there, set syncer.on-loss.ledger-ahead to continue."
                        .formatted(ledger.partition(), ledger.nextOffset(), at));
    }

    static DataLossException partitionsAdded(TopicIdentity topic, int before) {
        return new DataLossException(
                "%s has %d partitions, but had %d when it was first applied: a document's changes are in another partition now, and may be applied before older ones that wait in the old partition; a deleted row could come back. Use a new topic prefix instead. If all that was published before had been applied (Watcher stopped, lag 0), set syncer.on-loss.partitions-added to continue."
                        .formatted(topic.name(), topic.partitions(), before));
    }

    static DataLossException topicCreatedAnew(TopicIdentity topic) {
        return new DataLossException(
                "%s: the topic was deleted and created anew; records of the old one may never have been applied. To apply the new topic from its start, set syncer.on-loss.topic-recreated to continue."
                        .formatted(topic.name()));
    }
}
