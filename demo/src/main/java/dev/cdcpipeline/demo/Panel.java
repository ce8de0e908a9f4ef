package dev.cdcpipeline.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Shows progress as text: as a panel of lines for a terminal, or as one plain line. */
final class Panel {

    /** No line of the panel is longer. */
    static final int WIDTH = 78;

    private static final int BAR = 40;
    private static final String TITLE = " MongoDB ─▶ Watcher ─▶ Kafka ─▶ Syncer ─▶ PostgreSQL";

    private final boolean colours;

    /** A panel, with or without ANSI colours. */
    Panel(boolean colours) {
        this.colours = colours;
    }

    /** The panel, always of the same number of lines. */
    List<String> lines(Progress progress) {
        var lines = new ArrayList<String>();
        lines.add("");
        lines.add(bold(TITLE) + dim(right(time(progress), WIDTH - TITLE.length())));
        lines.add("");
        lines.add(bar("written", progress.written(), progress.planned(), "32"));
        lines.add(bar("captured", progress.captured(), progress.planned(), "36"));
        lines.add(bar("published", progress.published(), progress.planned(), "33"));
        lines.add(bar("applied", progress.applied(), progress.planned(), "35"));
        lines.add("");
        lines.add(" %-11s%s events/s".formatted("rate", bold(number(progress.perSecond(), 9))));
        lines.add(" %-11s%s".formatted("lag", lag(progress.lag())));
        lines.add(" %-11s%s".formatted("rows", rows(progress)));
        lines.add(dim(" %-11s%s".formatted("services", String.join("   ", progress.services()))));
        lines.add("");
        return lines;
    }

    /** Everything in one line. */
    String line(Progress progress) {
        return "%4d s  written %s  captured %s  published %s  applied %s  %s/s  lag p50 %s p99 %s ms  rows %s"
                .formatted(
                        progress.elapsed().toSeconds(),
                        number(progress.written(), 0),
                        number(progress.captured(), 0),
                        number(progress.published(), 0),
                        number(progress.applied(), 0),
                        number(progress.perSecond(), 0),
                        millis(progress.lag().p50()),
                        millis(progress.lag().p99()),
                        number(
                                progress.rows().values().stream().mapToLong(Long::longValue).sum(),
                                0));
    }

    static String number(long value, int width) {
        return right(String.format(Locale.ROOT, "%,d", value), width);
    }

    private String bar(String name, long value, long of, String colour) {
        double share = of == 0 ? 0 : Math.min(1.0, (double) value / of);
        int full = (int) Math.round(share * BAR);
        String bar = coloured("█".repeat(full), colour) + dim("░".repeat(BAR - full));
        return " %-11s%s  %s %s"
                .formatted(name, number(value, 9), bar, right((int) (share * 100) + " %", 6));
    }

    private String lag(Lag lag) {
        return lag.samples() == 0
                ? dim("        -  write sent to row visible")
                : "%s ms p50  %s ms p99  %s"
                        .formatted(
                                bold(right(millis(lag.p50()), 9)),
                                bold(right(millis(lag.p99()), 6)),
                                dim("write sent to row visible"));
    }

    private static String rows(Progress progress) {
        return progress.rows().entrySet().stream()
                .map(table -> "%s %s".formatted(number(table.getValue(), 9), table.getKey()))
                .collect(Collectors.joining("   "));
    }

    private static String time(Progress progress) {
        return "%02d:%02d "
                .formatted(progress.elapsed().toMinutes(), progress.elapsed().toSecondsPart());
    }

    private static String millis(double millis) {
        return String.format(Locale.ROOT, millis < 10 ? "%.1f" : "%,.0f", millis);
    }

    private static String right(String text, int width) {
        return " ".repeat(Math.max(0, width - text.length())) + text;
    }

    private String bold(String text) {
        return coloured(text, "1");
    }

    private String dim(String text) {
        return coloured(text, "2");
    }

    private String coloured(String text, String code) {
        return colours && !text.isEmpty() ? "\033[" + code + "m" + text + "\033[0m" : text;
    }
}
