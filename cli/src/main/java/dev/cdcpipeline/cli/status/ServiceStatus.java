package dev.cdcpipeline.cli.status;

import dev.cdcpipeline.platform.health.HealthReport;
import dev.cdcpipeline.platform.health.HealthReport.ComponentStatus;
import dev.cdcpipeline.platform.health.HealthReport.LoopState;
import dev.cdcpipeline.platform.health.State;
import dev.cdcpipeline.platform.status.Progress;
import dev.cdcpipeline.platform.status.StatusReport;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.LongBinaryOperator;

/**
 * The line of one service in the table: what two readings of it, a moment apart, say.
 *
 * @param ready whether it does its work, or stands by to do it
 * @param cells the columns of its line, as {@link #HEADINGS}
 * @param reasons what is not well, a line each
 */
record ServiceStatus(boolean ready, List<String> cells, List<String> reasons) {
    static final List<String> HEADINGS =
            List.of("SERVICE", "STATE", "FOR", "LAG", "POSITION", "EVENTS/S", "DEAD LETTERS");

    private static final String NONE = "-";
    private static final double NANOS = 1e9;

    /** The status of a service that was asked for as {@code watcher} or {@code syncer}. */
    static ServiceStatus of(String service, String address, Reading first, Reading second) {
        StatusReport report = second.report();
        if (report == null) {
            return unreachable(service, "%s: %s".formatted(address, second.failure()));
        }
        HealthReport health = report.health();
        var cells = new ArrayList<String>();
        cells.add(kind(report.progress()));
        cells.add(state(health));
        cells.add(span(since(health)));
        cells.addAll(place(first.report(), report));
        cells.add(rate(first, second, report.progress()));
        cells.add(count(report.progress().deadLetters()));
        return new ServiceStatus(health.ready(), List.copyOf(cells), reasons(health));
    }

    private static ServiceStatus unreachable(String service, String why) {
        return new ServiceStatus(
                false, List.of(service, "unreachable", NONE, NONE, NONE, NONE, NONE), List.of(why));
    }

    private static String kind(Progress progress) {
        return switch (progress) {
            case Progress.OfWatcher _ -> "watcher";
            case Progress.OfSyncer _ -> "syncer";
        };
    }

    /** What it is doing, unless something keeps it from doing it. */
    private static String state(HealthReport health) {
        if (!health.live()) {
            return "stuck";
        }
        String state = health.state().name();
        return health.ready() || !state.equals("streaming") ? state : "not ready";
    }

    /** Ready since the last part came up; not ready since the first one went down. */
    private static long since(HealthReport health) {
        LongBinaryOperator choose = health.ready() ? Math::min : Math::max;
        return health.components().stream()
                .filter(each -> isUp(each) == health.ready())
                .mapToLong(ComponentStatus::seconds)
                .reduce(choose)
                .orElse(0);
    }

    private static List<String> reasons(HealthReport health) {
        var reasons = new ArrayList<String>();
        health.components().stream()
                .filter(each -> !isUp(each))
                .map(ServiceStatus::reason)
                .forEach(reasons::add);
        health.loops().stream()
                .filter(loop -> loop.state() == LoopState.STUCK)
                .map(loop -> loop.name() + " is stuck: " + loop.reason())
                .forEach(reasons::add);
        return List.copyOf(reasons);
    }

    /** Lag and position. */
    private static List<String> place(@Nullable StatusReport first, StatusReport second) {
        return switch (second.progress()) {
            case Progress.OfWatcher now ->
                    List.of(
                            seconds(now.lagSeconds()),
                            now.durableAgeSeconds() == null
                                    ? NONE
                                    : seconds(now.durableAgeSeconds()) + " old");
            case Progress.OfSyncer now ->
                    List.of(
                            seconds(meanLag(first, now)),
                            now.recordsBehind() == null
                                    ? NONE
                                    : now.recordsBehind() + " records behind");
        };
    }

    /** Of the changes written between the two readings; null if there was none. */
    private static @Nullable Double meanLag(@Nullable StatusReport first, Progress.OfSyncer now) {
        if (first == null || !(first.progress() instanceof Progress.OfSyncer before)) {
            return null;
        }
        long changes = now.changes() - before.changes();
        return changes <= 0 ? null : (now.lagSecondsTotal() - before.lagSecondsTotal()) / changes;
    }

    private static String rate(Reading first, Reading second, Progress now) {
        StatusReport before = first.report();
        double seconds = (second.nanoTime() - first.nanoTime()) / NANOS;
        if (before == null || seconds <= 0) {
            return NONE;
        }
        long events = now.events() - before.progress().events();
        return events < 0 ? NONE : String.format(Locale.ROOT, "%,.0f", events / seconds);
    }

    private static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    private static boolean isUp(ComponentStatus component) {
        return component.state() == State.UP;
    }

    private static String reason(ComponentStatus component) {
        String reason = component.reason();
        return "%s is %s for %s: %s"
                .formatted(
                        component.name(),
                        component.state().name().toLowerCase(Locale.ROOT),
                        span(component.seconds()),
                        reason == null ? "no reason given" : reason);
    }

    private static String seconds(@Nullable Double seconds) {
        return seconds == null ? NONE : String.format(Locale.ROOT, "%.1f s", seconds);
    }

    /** {@code 12s}, {@code 3m 12s}, {@code 2h 5m}, {@code 4d 2h}. */
    private static String span(long seconds) {
        if (seconds < 60) {
            return seconds + "s";
        }
        long minutes = seconds / 60;
        if (minutes < 60) {
            return minutes + "m " + seconds % 60 + "s";
        }
        long hours = minutes / 60;
        return hours < 24
                ? hours + "h " + minutes % 60 + "m"
                : hours / 24 + "d " + hours % 24 + "h";
    }
}
