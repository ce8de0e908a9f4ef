package dev.cdcpipeline.syncer.app;

import dev.cdcpipeline.platform.config.Default;
import dev.cdcpipeline.platform.config.Description;
import dev.cdcpipeline.syncer.consume.LossPolicy;
import dev.cdcpipeline.syncer.write.OnDroppedTable;

/**
 * Losses between Kafka and the ledger.
 *
 * @param offsetGone Kafka deleted records before they were applied
 * @param ledgerAhead Kafka's log ends before the ledger
 * @param topicRecreated a topic was deleted and created anew under its name
 * @param partitionsAdded a topic has more partitions than when it was first applied
 * @param tableDropped a table that rows were written to is gone
 */
public record LossSettings(
        @Description(
                        "Kafka deleted records before they were applied: fail, or continue with the first"
                                + " that is left.")
                @Default("fail")
                LossPolicy.OnLoss offsetGone,
        @Description(
                        "Kafka's log ends before the place in the ledger, or was cut there and has other"
                                + " records now: fail, or continue where it was cut, or with the log's first"
                                + " record where Kafka does not tell; rows never go back to older versions.")
                @Default("fail")
                LossPolicy.OnLoss ledgerAhead,
        @Description(
                        "A topic was deleted and created anew: fail, or continue with the new one's first"
                                + " record.")
                @Default("fail")
                LossPolicy.OnLoss topicRecreated,
        @Description(
                        "A topic has more partitions than when it was first applied, so that its documents"
                                + " are in other partitions now: fail, or continue, which is right only if all"
                                + " that was published before had been applied.")
                @Default("fail")
                LossPolicy.OnLoss partitionsAdded,
        @Description(
                        "A table that rows were written to was dropped: fail, or recreate it empty, so that it"
                                + " gets what comes from now on.")
                @Default("fail")
                OnDroppedTable tableDropped) {}
