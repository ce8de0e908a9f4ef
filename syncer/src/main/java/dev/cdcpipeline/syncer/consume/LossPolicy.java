package dev.cdcpipeline.syncer.consume;

import dev.cdcpipeline.syncer.plan.Progress;
import dev.cdcpipeline.syncer.write.TopicIdentity;

import org.jspecify.annotations.Nullable;

/**
 * What to do where the ledger and Kafka do not fit together (I5).
 *
 * @param offsetGone the next record is no longer in Kafka
 * @param ledgerAhead Kafka's log ends before the ledger
 * @param topicRecreated the topic was deleted and created anew
 * @param partitionsAdded the topic has more partitions than when it was first applied
 */
public record LossPolicy(
        OnLoss offsetGone, OnLoss ledgerAhead, OnLoss topicRecreated, OnLoss partitionsAdded) {

    /** What to do about a loss. */
    public enum OnLoss {
        /** Stop and say what is missing. */
        FAIL,
        /** Accept it, say so in the log, and go on with what Kafka has. */
        CONTINUE
    }

    /**
     * Whether the ledger and Kafka fit together: nothing is lost.
     *
     * @param extent what Kafka holds
     * @param ledger what the ledger says
     * @param truncation where Kafka's log was truncated, if it was
     */
    static boolean fit(
            TopicCatalog.Extent extent, Progress ledger, @Nullable LogTruncation truncation) {
        long next = ledger.nextOffset();
        boolean isCutOff =
                truncation != null
                        && truncation.divergentOffset() != null
                        && next > truncation.divergentOffset();
        return extent.first() <= next && next <= extent.end() && !isCutOff;
    }

    /**
     * Where to go on where they do not {@link #fit}: at the first record that Kafka has, or where
     * its log was truncated, as what is before that was applied.
     *
     * @throws DataLossException if that is not accepted
     */
    long acceptedStart(
            TopicCatalog.Extent extent, Progress ledger, @Nullable LogTruncation truncation) {
        if (ledger.nextOffset() < extent.first()) {
            accept(offsetGone, DataLossException.offsetGone(ledger, extent.first()));
            return extent.first();
        }
        if (truncation != null
                && truncation.divergentOffset() != null
                && ledger.nextOffset() > truncation.divergentOffset()) {
            accept(ledgerAhead, DataLossException.logWasCut(ledger, truncation.divergentOffset()));
            return Math.max(extent.first(), truncation.divergentOffset());
        }
        accept(ledgerAhead, DataLossException.aheadOfLog(ledger, extent.end()));
        return extent.first();
    }

    /** Throws unless it is accepted that the topic was created anew. */
    void checkRecreated(TopicIdentity topic) {
        accept(topicRecreated, DataLossException.topicCreatedAnew(topic));
    }

    /** Throws unless it is accepted that the topic has more partitions than it had before. */
    void checkPartitions(TopicIdentity topic, int before) {
        accept(partitionsAdded, DataLossException.partitionsAdded(topic, before));
    }

    private static void accept(OnLoss policy, DataLossException loss) {
        if (policy == OnLoss.FAIL) {
            throw loss;
        }
    }
}
