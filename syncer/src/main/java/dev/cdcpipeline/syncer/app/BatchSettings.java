package dev.cdcpipeline.syncer.app;

import dev.cdcpipeline.platform.config.ByteSize;
import dev.cdcpipeline.platform.config.Description;
import dev.cdcpipeline.platform.config.Range;

import io.smallrye.config.WithDefault;

import java.time.Duration;

/** Batches. */
public interface BatchSettings {

    /** The number of records at which a batch is written. */
    @Description("A batch is written at this many records ...")
    @WithDefault("1000")
    @Range(min = "1", max = "1000000")
    int maxRecords();

    /** The time after its first record at which a batch is written. */
    @Description("... or so long after its first record, whichever comes first ...")
    @WithDefault("500ms")
    @Range(min = "1ms", max = "1h")
    Duration maxWait();

    /** Whether a worker that has nothing to do writes what there is. */
    @Description(
            "... or at once, when a worker has nothing else to do. false waits for one of the"
                    + " bounds: fewer, larger transactions, and more lag.")
    @WithDefault("true")
    boolean whenIdle();

    /** The number of records that a batch may grow to when they are waiting already. */
    @Description(
            "With a backlog a batch grows to this many records, which is faster. Many more only"
                    + " cost memory. Set it to max-records to switch that off.")
    @WithDefault("30000")
    @Range(min = "1", max = "1000000")
    int backlogRecords();

    /** The number of changes of a table from which on they go by COPY. */
    @Description("From so many upserts of one table in a batch on they go by COPY.")
    @WithDefault("500")
    @Range(min = "1", max = "1000000")
    int copyFrom();

    /** The bound of a batch in bytes. */
    @Description("No batch is larger, unless it is a single record.")
    @WithDefault("32MiB")
    @Range(min = "64KiB", max = "1GiB")
    ByteSize maxBytes();
}
