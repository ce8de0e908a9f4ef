package dev.cdcpipeline.platform.logging;

import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.function.Function;

/**
 * A line for people: time, level, service/component, message, the context as {@code name=value}.
 */
final class ConsoleFormat implements Function<LogEntry, String> {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSSxxx");

    private final ZoneId zone = ZoneId.systemDefault();

    @Override
    public String apply(LogEntry entry) {
        var line =
                new StringBuilder(160)
                        .append(TIME.format(entry.time().atZone(zone)))
                        .append(String.format(" %-5s ", entry.level()))
                        .append(entry.service())
                        .append('/')
                        .append(entry.component())
                        .append(" [")
                        .append(entry.thread())
                        .append("] ")
                        .append(entry.message());
        entry.context()
                .forEach((name, value) -> line.append(' ').append(name).append('=').append(value));
        return line.append('\n').append(entry.stackTrace()).toString();
    }
}
