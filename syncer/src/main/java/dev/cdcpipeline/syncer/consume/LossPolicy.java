package dev.cdcpipeline.syncer.consume;

import dev.cdcpipeline.syncer.plan.Progress;

/**
 * What to do where the ledger and Kafka do not fit together (I5).
 *
 * @param offsetGone the next record is no longer in Kafka
 * @param ledgerAhead Kafka's log ends before the ledger
 * @param topicRecreated the topic was deleted and created anew
 */
public record LossPolicy(OnLoss offsetGone, OnLoss ledgerAhead, OnLoss topicRecreated) {

    /** What to do about a loss. */
    public enum OnLoss {
        /** Stop and say what is missing. */
        FAIL,
        /** Accept it, say so in the log, and go on with the first record that Kafka has. */
        CONTINUE
    }

    /**
     * Checks where the partition is to start.
     *
     * @param extent what Kafka holds
     * @param ledger what the ledger says
     * @throws DataLossException if records that were never applied are gone, and that is not
     *     accepted
     * @return whether the ledger must be moved to the first offset that Kafka holds
     */
    boolean mustMove(TopicCatalog.Extent extent, Progress ledger) {
        if (ledger.nextOffset() < extent.first()) {
            accept(offsetGone, DataLossException.offsetGone(ledger, extent.first()));
            return true;
        }
        if (ledger.nextOffset() > extent.end()) {
            accept(ledgerAhead, DataLossException.aheadOfLog(ledger, extent.end()));
            return true;
        }
        return false;
    }

    /** Throws unless it is accepted that the topic was created anew. */
    void checkRecreated(TopicCatalog.Extent extent) {
        accept(topicRecreated, DataLossException.topicCreatedAnew(extent.id()));
    }

    private static void accept(OnLoss policy, DataLossException loss) {
        if (policy == OnLoss.FAIL) {
            throw loss;
        }
    }
}
