package dev.cdcpipeline.cli;

import dev.cdcpipeline.platform.config.ConfigurationException;
import dev.cdcpipeline.platform.config.Problem;
import dev.cdcpipeline.syncer.app.SyncerSettings;
import dev.cdcpipeline.watcher.app.WatcherSettings;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;

/** The settings of the services that are configured, or every problem of both at once. */
final class BothSettings {
    private final Set<Problem> problems = new LinkedHashSet<>();
    private final @Nullable WatcherSettings watcher;
    private final @Nullable SyncerSettings syncer;

    /**
     * Loads them.
     *
     * @throws ConfigurationException with every problem of both
     */
    BothSettings(ConfigurationFiles configuration) {
        Map<String, @Nullable Path> services = configuration.services();
        this.watcher = load(services, "watcher", WatcherSettings::load);
        this.syncer = load(services, "syncer", SyncerSettings::load);
        if (!problems.isEmpty()) {
            throw new ConfigurationException(List.copyOf(problems));
        }
    }

    private <T> @Nullable T load(
            Map<String, @Nullable Path> services,
            String service,
            BiFunction<@Nullable Path, Map<String, String>, T> load) {
        try {
            return services.containsKey(service)
                    ? load.apply(services.get(service), System.getenv())
                    : null;
        } catch (ConfigurationException e) {
            problems.addAll(e.problems());
            return null;
        }
    }

    /** Those of the Watcher; null if none is configured. */
    @Nullable WatcherSettings watcherOrNull() {
        return watcher;
    }

    /** Those of the Syncer; null if none is configured. */
    @Nullable SyncerSettings syncerOrNull() {
        return syncer;
    }

    /** Those of the Watcher, which is needed. */
    WatcherSettings watcher() {
        if (watcher == null) {
            throw missing("watcher");
        }
        return watcher;
    }

    /** Those of the Syncer, which is needed. */
    SyncerSettings syncer() {
        if (syncer == null) {
            throw missing("syncer");
        }
        return syncer;
    }

    private static ConfigurationException missing(String service) {
        return new ConfigurationException(
                List.of(
                        new Problem(
                                service,
                                null,
                                "is not configured: put '%s:' into the file, or name its file with another -c"
                                        .formatted(service))));
    }
}
