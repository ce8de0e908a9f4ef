package dev.cdcpipeline.cli;

import dev.cdcpipeline.platform.lifecycle.ExitCode;
import dev.cdcpipeline.platform.logging.Logging;
import dev.cdcpipeline.syncer.app.Syncer;
import dev.cdcpipeline.syncer.app.SyncerProgress;
import dev.cdcpipeline.syncer.app.SyncerSettings;
import dev.cdcpipeline.watcher.app.Parts;
import dev.cdcpipeline.watcher.app.WatcherProgress;
import dev.cdcpipeline.watcher.app.WatcherSettings;

import picocli.CommandLine.Command;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;

/** {@code cdc warm-up}: starts both services, so that a JVM sees what they need. */
@Command(
        name = "warm-up",
        mixinStandardHelpOptions = true,
        // Of these, bin/cdc starts the service itself, with a Java that learns.
        subcommands = {WatcherCommand.class, SyncerCommand.class, PipelineCommand.class},
        synopsisSubcommandLabel = "[SERVICE]",
        commandListHeading = "%nServices that can learn at their work:%n",
        description = {
            "Makes later starts quicker: starts both services for a moment, connected to nothing, and"
                    + " keeps what Java learned of it in lib/cdc.aot (Java's AOT cache, about 50 MB). Run it"
                    + " once after unpacking, and again after an upgrade of cdc or of Java; a cache that"
                    + " does not fit any more is passed over. For the distribution only.",
            "",
            "'cdc warm-up syncer -c FILE' (or watcher, or pipeline) runs that service as 'cdc syncer -c FILE'"
                    + " does. When it is stopped, what Java learned of its real work is kept in"
                    + " lib/cdc-syncer.aot, which 'cdc syncer' then uses: later starts catch up faster, too."
                    + " 'cdc warm-up' alone forgets these again.",
            ""
        },
        footer = {"", "Exit code: 0 when the cache was written."})
final class WarmUpCommand implements Callable<Integer> {
    /** Nobody listens on this port. */
    private static final String NOBODY = "127.0.0.1:1";

    /** Long enough for every part to have tried to connect. */
    private static final long MILLIS = 3_000;

    @Override
    public Integer call() throws Exception {
        Path folder = Files.createTempDirectory("cdc-warm-up");
        var watcher =
                WatcherSettings.load(
                        null,
                        Map.of(
                                "WATCHER_MONGODB_URI",
                                "mongodb://" + NOBODY + "/?serverSelectionTimeoutMS=300",
                                "WATCHER_SCOPE_INCLUDE",
                                "warm.up",
                                "WATCHER_KAFKA_BOOTSTRAP_SERVERS",
                                NOBODY,
                                "WATCHER_CHECKPOINT_FILE_PATH",
                                folder.resolve("checkpoint").toString(),
                                "WATCHER_HTTP_HOST",
                                "127.0.0.1",
                                "WATCHER_HTTP_PORT",
                                "0"));
        var syncer =
                SyncerSettings.load(
                        null,
                        Map.of(
                                "SYNCER_KAFKA_BOOTSTRAP_SERVERS",
                                NOBODY,
                                "SYNCER_KAFKA_TOPICS",
                                "warm.up",
                                "SYNCER_POSTGRESQL_URL",
                                "jdbc:postgresql://" + NOBODY + "/warm",
                                "SYNCER_POSTGRESQL_USER",
                                "up",
                                "SYNCER_HTTP_HOST",
                                "127.0.0.1",
                                "SYNCER_HTTP_PORT",
                                "0"));
        Logging.configure(watcher.log(), "warm-up");
        Logging.silence();
        try (var watched = new ManagementEndpoint("watcher", watcher.http(), WatcherProgress::of);
                var synced = new ManagementEndpoint("syncer", syncer.http(), SyncerProgress::of);
                var both =
                        new PipelineService(
                                Parts.watcher(
                                        watcher, watched.metrics().registry(), watched.health()),
                                watcher.shutdown().deadline(),
                                Syncer.service(
                                        syncer, synced.metrics().registry(), synced.health()),
                                syncer.shutdown().deadline())) {
            Thread stopper = Thread.ofPlatform().start(() -> stopLater(both));
            both.run();
            stopper.join();
            var _ = watched.metrics().scrape() + synced.health().report().toJson();
        }
        Files.deleteIfExists(folder);
        return ExitCode.OK.value();
    }

    private static void stopLater(PipelineService service) {
        try {
            Thread.sleep(MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        service.stop();
    }
}
