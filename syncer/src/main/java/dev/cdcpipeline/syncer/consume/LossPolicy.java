package dev.cdcpipeline.syncer.consume;

import dev.cdcpipeline.syncer.plan.Progress;

import org.jspecify.annotations.Nullable;

/** What to do where the ledger and Kafka do not fit together (I5). */
public final class LossPolicy {

    /**
     * Where the partition starts.
     *
     * @param extent what Kafka holds
     * @param ledger what the ledger says; null if it knows the topic's name by another identifier
     * @throws DataLossException if records that were never applied are gone
     */
    Progress start(TopicCatalog.Extent extent, @Nullable Progress ledger) {
        if (ledger == null) {
            throw DataLossException.topicCreatedAnew(extent.id());
        }
        if (ledger.nextOffset() < extent.first()) {
            throw DataLossException.offsetGone(ledger, extent.first());
        }
        if (ledger.nextOffset() > extent.end()) {
            throw DataLossException.aheadOfLog(ledger, extent.end());
        }
        return ledger;
    }
}
