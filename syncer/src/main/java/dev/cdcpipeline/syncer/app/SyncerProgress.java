package dev.cdcpipeline.syncer.app;

import dev.cdcpipeline.platform.metrics.MeterReader;
import dev.cdcpipeline.platform.status.Progress;

import io.micrometer.core.instrument.MeterRegistry;

/** How far a Syncer has got, for its status report. */
public final class SyncerProgress {
    private SyncerProgress() {}

    /** The progress that a Syncer with these meters has made. */
    public static Progress of(MeterRegistry registry) {
        var meters = new MeterReader(registry);
        Double behind = meters.value("cdc.syncer.lag.records");
        return new Progress.OfSyncer(
                meters.total("cdc.syncer.consumed"),
                meters.amount("cdc.syncer.batch.size"),
                meters.total("cdc.syncer.redelivered"),
                meters.total("cdc.syncer.dead.letters"),
                behind == null ? null : Math.round(behind),
                meters.count("cdc.syncer.lag"),
                meters.seconds("cdc.syncer.lag"));
    }
}
