package dev.cdcpipeline.cli;

import dev.cdcpipeline.syncer.app.Syncer;
import dev.cdcpipeline.syncer.app.SyncerProgress;
import dev.cdcpipeline.syncer.app.SyncerSettings;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

import java.io.IOException;
import java.util.concurrent.Callable;

/** {@code cdc syncer}. */
@Command(
        name = "syncer",
        mixinStandardHelpOptions = true,
        description = {
            "Runs a Syncer: consumes change events from Kafka and writes each document's latest"
                    + " state as a row in PostgreSQL. Start several to share the partitions."
                    + " SIGTERM and Ctrl-C stop it: what it holds is written and committed first.",
            ""
        },
        footer = {
            "",
            "Minimal configuration:",
            "",
            MinimalConfig.SYNCER,
        })
final class SyncerCommand implements Callable<Integer> {

    @Mixin private ConfigurationFile configuration = new ConfigurationFile();

    @Override
    public Integer call() throws IOException, InterruptedException {
        var settings = SyncerSettings.load(configuration.file(), System.getenv());
        var host = new ServiceHost("syncer", settings.log(), settings.http(), settings.shutdown());
        return host.run(
                        (registry, health) -> Syncer.service(settings, registry, health),
                        SyncerProgress::of)
                .value();
    }
}
