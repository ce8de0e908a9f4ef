package dev.cdcpipeline.syncer.app;

import dev.cdcpipeline.platform.config.Description;
import dev.cdcpipeline.syncer.consume.LossPolicy;
import dev.cdcpipeline.syncer.write.OnDroppedTable;

import io.smallrye.config.WithDefault;

/** Losses between Kafka and the ledger. */
public interface LossSettings {

    /** Kafka deleted records before they were applied. */
    @Description(
            "Kafka deleted records before they were applied: fail, or continue with the first"
                    + " that is left.")
    @WithDefault("fail")
    LossPolicy.OnLoss offsetGone();

    /** Kafka's log ends before the ledger. */
    @Description(
            "Kafka's log ends before the place in the ledger, or was cut there and has other"
                    + " records now: fail, or continue where it was cut, or with the log's first"
                    + " record where Kafka does not tell; rows never go back to older versions.")
    @WithDefault("fail")
    LossPolicy.OnLoss ledgerAhead();

    /** A topic was deleted and created anew under its name. */
    @Description(
            "A topic was deleted and created anew: fail, or continue with the new one's first"
                    + " record.")
    @WithDefault("fail")
    LossPolicy.OnLoss topicRecreated();

    /** A topic has more partitions than when it was first applied. */
    @Description(
            "A topic has more partitions than when it was first applied, so that its documents"
                    + " are in other partitions now: fail, or continue, which is right only if all"
                    + " that was published before had been applied.")
    @WithDefault("fail")
    LossPolicy.OnLoss partitionsAdded();

    /** A table that rows were written to is gone. */
    @Description(
            "A table that rows were written to was dropped: fail, or recreate it empty, so that it"
                    + " gets what comes from now on.")
    @WithDefault("fail")
    OnDroppedTable tableDropped();
}
