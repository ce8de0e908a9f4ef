package dev.cdcpipeline.syncer.app;

import dev.cdcpipeline.platform.config.ByteSize;
import dev.cdcpipeline.platform.config.Default;
import dev.cdcpipeline.platform.config.Description;
import dev.cdcpipeline.platform.config.Range;

import java.time.Duration;

/**
 * Batches.
 *
 * @param maxRecords the number of records at which a batch is written
 * @param maxWait the time after its first record at which a batch is written
 * @param whenIdle whether a worker that has nothing to do writes what there is
 * @param backlogRecords the number of records that a batch may grow to when they are waiting
 *     already
 * @param copyFrom the number of changes of a table from which on they go by COPY
 * @param maxBytes the bound of a batch in bytes
 */
public record BatchSettings(
        @Description("A batch is written at this many records ...")
                @Default("1000")
                @Range(min = "1", max = "1000000")
                int maxRecords,
        @Description("... or so long after its first record, whichever comes first ...")
                @Default("500ms")
                @Range(min = "1ms", max = "1h")
                Duration maxWait,
        @Description(
                        "... or at once, when a worker has nothing else to do. false waits for one of the"
                                + " bounds: fewer, larger transactions, and more lag.")
                @Default("true")
                boolean whenIdle,
        @Description(
                        "With a backlog a batch grows to this many records, which is faster. Many more only"
                                + " cost memory. Set it to max-records to switch that off.")
                @Default("30000")
                @Range(min = "1", max = "1000000")
                int backlogRecords,
        @Description("From so many upserts of one table in a batch on they go by COPY.")
                @Default("500")
                @Range(min = "1", max = "1000000")
                int copyFrom,
        @Description("No batch is larger, unless it is a single record.")
                @Default("32MiB")
                @Range(min = "64KiB", max = "1GiB")
                ByteSize maxBytes) {}
