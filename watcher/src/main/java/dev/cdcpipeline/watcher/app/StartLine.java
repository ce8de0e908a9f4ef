package dev.cdcpipeline.watcher.app;

import dev.cdcpipeline.model.Position;
import dev.cdcpipeline.platform.lifecycle.Version;
import dev.cdcpipeline.watcher.capture.Scope;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The one line with which a Watcher says what it is and what it will do. */
final class StartLine {
    private StartLine() {}

    /**
     * Version, scope, destination, and where the stream begins.
     *
     * @param cluster what is read
     * @param after the position after which it begins, empty at the very first start
     */
    static String of(WatcherSettings settings, String cluster, Optional<Position> after) {
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
                        after.map(StartLine::goesOn).orElseGet(() -> startsAnew(settings.start())));
    }

    private static String goesOn(Position after) {
        double seconds = Gauges.seconds(after.token());
        return "goes on after the checkpoint, which is at "
                + (Double.isNaN(seconds)
                        ? "an unknown time"
                        : Instant.ofEpochSecond((long) seconds));
    }

    private static String startsAnew(String start) {
        return start.equals("now")
                ? "no checkpoint yet: starts with what changes from now on (watcher.start: now)"
                : "no checkpoint yet: starts with what changed since " + start;
    }
}
