package dev.cdcpipeline.tests.deploy;

import dev.cdcpipeline.syncer.app.SyncerSettings;
import dev.cdcpipeline.watcher.app.WatcherSettings;

import java.util.Map;

/** The services, by the name that their files and options begin with. */
final class Services {
    /** The types of their configuration. */
    static final Map<String, Class<?>> SETTINGS =
            Map.of("watcher", WatcherSettings.class, "syncer", SyncerSettings.class);

    /** A value for everything without a default, as the environment gives it. */
    static final Map<String, String> REQUIRED =
            Map.of(
                    "WATCHER_MONGODB_URI", "mongodb://localhost",
                    "WATCHER_SCOPE_INCLUDE", "shop.*",
                    "WATCHER_KAFKA_BOOTSTRAP_SERVERS", "localhost:9092",
                    "SYNCER_KAFKA_BOOTSTRAP_SERVERS", "localhost:9092",
                    "SYNCER_KAFKA_TOPIC_PATTERN", "cdc[.].*",
                    "SYNCER_POSTGRESQL_URL", "jdbc:postgresql://localhost/app",
                    "SYNCER_POSTGRESQL_USER", "cdc",
                    "SYNCER_POSTGRESQL_PASSWORD", "p");

    private Services() {}
}
