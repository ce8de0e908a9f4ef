package dev.cdcpipeline.cli;

import dev.cdcpipeline.platform.config.ConfigurationException;
import dev.cdcpipeline.platform.config.Problem;
import dev.cdcpipeline.platform.config.ShutdownSettings;
import dev.cdcpipeline.platform.lifecycle.ExitCode;
import dev.cdcpipeline.platform.lifecycle.ServiceRunner;
import dev.cdcpipeline.platform.logging.Logging;
import dev.cdcpipeline.syncer.app.Syncer;
import dev.cdcpipeline.syncer.app.SyncerProgress;
import dev.cdcpipeline.syncer.app.SyncerSettings;
import dev.cdcpipeline.watcher.app.Parts;
import dev.cdcpipeline.watcher.app.WatcherProgress;
import dev.cdcpipeline.watcher.app.WatcherSettings;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/** {@code cdc pipeline}. */
@Command(
        name = "pipeline",
        mixinStandardHelpOptions = true,
        description = {
            "Runs a Watcher and a Syncer in one process, for small set-ups. Each serves metrics and"
                    + " health on its own port. SIGTERM and Ctrl-C drain the Watcher, then the Syncer."
                    + " When one of them fails, the other one is drained, for as long as its"
                    + " shutdown.deadline allows, and the exit code is 1.",
            ""
        },
        footer = {
            "",
            "Minimal configuration:",
            "",
            MinimalConfig.WATCHER,
            MinimalConfig.SYNCER,
            "",
            "Example:",
            "",
            "  cdc pipeline -c pipeline.yaml",
        })
final class PipelineCommand implements Callable<Integer> {

    @Mixin private ConfigurationFiles configuration = new ConfigurationFiles();

    @Override
    public Integer call() throws IOException, InterruptedException {
        var both = new BothSettings(configuration);
        WatcherSettings watcher = both.watcher();
        SyncerSettings syncer = both.syncer();
        requireFit(watcher, syncer);
        Logging.configure(watcher.log(), "pipeline");
        Logging.levels(syncer.log(), "syncer");
        try (var watched = new ManagementEndpoint("watcher", watcher.http(), WatcherProgress::of);
                var synced = new ManagementEndpoint("syncer", syncer.http(), SyncerProgress::of)) {
            var service =
                    new PipelineService(
                            Parts.watcher(watcher, watched.metrics().registry(), watched.health()),
                            watcher.shutdown().deadline(),
                            Syncer.service(syncer, synced.metrics().registry(), synced.health()),
                            syncer.shutdown().deadline());
            Duration deadline = watcher.shutdown().deadline().plus(syncer.shutdown().deadline());
            ExitCode code =
                    new ServiceRunner(new ShutdownSettings(deadline)).run("pipeline", service);
            return code.value();
        }
    }

    private static void requireFit(WatcherSettings watcher, SyncerSettings syncer) {
        var problems = new ArrayList<Problem>();
        if (watcher.http().port() == syncer.http().port() && watcher.http().port() != 0) {
            problems.add(
                    new Problem(
                            "syncer.http.port",
                            Integer.toString(syncer.http().port()),
                            "is the Watcher's port already; give each its own"));
        }
        if (watcher.log().format() != syncer.log().format()) {
            problems.add(
                    new Problem(
                            "syncer.log.format",
                            syncer.log().format().name(),
                            "differs from watcher.log.format; one process writes one format"));
        }
        if (!problems.isEmpty()) {
            throw new ConfigurationException(List.copyOf(problems));
        }
    }
}
