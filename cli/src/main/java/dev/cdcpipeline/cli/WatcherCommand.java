package dev.cdcpipeline.cli;

import dev.cdcpipeline.watcher.app.Parts;
import dev.cdcpipeline.watcher.app.WatcherProgress;
import dev.cdcpipeline.watcher.app.WatcherSettings;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

import java.io.IOException;
import java.util.concurrent.Callable;

/** {@code cdc watcher}. */
@Command(
        name = "watcher",
        mixinStandardHelpOptions = true,
        description = {
            "Runs a Watcher: reads MongoDB's change stream and publishes every change to Kafka, in"
                    + " order per document, from where it left off. SIGTERM and Ctrl-C stop it:"
                    + " what is in flight is confirmed, and the position is saved.",
            ""
        },
        footer = {
            "",
            "Minimal configuration:",
            "",
            MinimalConfig.WATCHER,
        })
final class WatcherCommand implements Callable<Integer> {

    @Mixin private ConfigurationFile configuration = new ConfigurationFile();

    @Override
    public Integer call() throws IOException, InterruptedException {
        var settings = WatcherSettings.load(configuration.file(), System.getenv());
        var host = new ServiceHost("watcher", settings.log(), settings.http(), settings.shutdown());
        return host.run(
                        (registry, health) -> Parts.watcher(settings, registry, health),
                        WatcherProgress::of)
                .value();
    }
}
