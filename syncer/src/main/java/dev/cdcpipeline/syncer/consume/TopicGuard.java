package dev.cdcpipeline.syncer.consume;

import dev.cdcpipeline.syncer.write.LedgerStore;
import dev.cdcpipeline.syncer.write.TopicIdentity;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.sql.SQLException;

/** Whether a topic is still the one that was applied so far (I5). Blocks; thread-safe. */
final class TopicGuard {
    private static final Logger log = LoggerFactory.getLogger(TopicGuard.class);

    private final LedgerStore ledger;
    private final LossPolicy policy;

    TopicGuard(LedgerStore ledger, LossPolicy policy) {
        this.ledger = ledger;
        this.policy = policy;
    }

    /**
     * Checks a topic before its first partition is applied.
     *
     * @throws DataLossException if it was created anew or has more partitions than before, and that
     *     is not accepted
     */
    void check(TopicIdentity topic) throws SQLException {
        if (ledger.knowsOnlyAnother(topic)) {
            policy.checkRecreated(topic);
            log.warn("{} was created anew and is applied from its start", topic.name());
        }
        checkPartitions(topic);
    }

    /** Checks its number of partitions only; thrown as by {@link #check}. */
    void checkPartitions(TopicIdentity topic) throws SQLException {
        int before = ledger.partitions(topic);
        if (topic.partitions() > before) {
            policy.checkPartitions(topic, before);
            ledger.acceptPartitions(topic);
            log.warn(
                    "{} has {} partitions now and had {}; continuing as configured",
                    topic.name(),
                    topic.partitions(),
                    before);
        }
    }
}
