package dev.cdcpipeline.watcher.app;

import dev.cdcpipeline.platform.lifecycle.Version;
import dev.cdcpipeline.watcher.capture.Scope;

import java.util.List;
import java.util.Locale;

/** The one line with which a Watcher says what it is and what it will do. */
final class StartLine {
    private StartLine() {}

    /**
     * Version, scope, destination, and where the stream begins.
     *
     * @param cluster what is read
     * @param beginning where it begins
     */
    static String of(WatcherSettings settings, String cluster, Beginning beginning) {
        WatcherSettings.ScopeSettings patterns = settings.scope();
        Scope scope = Scope.of(patterns.include(), patterns.exclude().orElse(List.of()));
        return "watcher %s: captures %s of %s (%s), publishes to topics %s.<database>.<collection> as %s; %s"
                .formatted(
                        Version.text(),
                        scope.canonical(),
                        scope.target(),
                        cluster,
                        settings.topic().prefix(),
                        settings.wire().format().name().toLowerCase(Locale.ROOT),
                        beginning.told());
    }
}
