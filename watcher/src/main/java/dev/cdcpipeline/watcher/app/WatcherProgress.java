package dev.cdcpipeline.watcher.app;

import dev.cdcpipeline.platform.metrics.MeterReader;
import dev.cdcpipeline.platform.status.Progress;

import io.micrometer.core.instrument.MeterRegistry;

/** How far a Watcher has got, for its status report. */
public final class WatcherProgress {
    private WatcherProgress() {}

    /** The progress that a Watcher with these meters has made. */
    public static Progress of(MeterRegistry registry) {
        var meters = new MeterReader(registry);
        return new Progress.OfWatcher(
                meters.total("cdc.watcher.captured"),
                meters.total("cdc.watcher.published"),
                meters.total("cdc.watcher.dead.letters"),
                meters.value("cdc.watcher.lag.seconds"),
                meters.value("cdc.watcher.durable.age.seconds"));
    }
}
