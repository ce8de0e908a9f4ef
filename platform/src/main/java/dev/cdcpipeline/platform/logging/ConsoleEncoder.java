package dev.cdcpipeline.platform.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.encoder.EncoderBase;

import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;

/**
 * A line for people: time, level, service/component, message, the context as {@code name=value}.
 */
final class ConsoleEncoder extends EncoderBase<ILoggingEvent> {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSSxxx");

    private final String service;
    private final StackTraces traces = new StackTraces();
    private final ZoneId zone = ZoneId.systemDefault();

    ConsoleEncoder(String service) {
        this.service = service;
    }

    @Override
    public byte[] headerBytes() {
        return new byte[0];
    }

    @Override
    public byte[] footerBytes() {
        return new byte[0];
    }

    @Override
    public byte[] encode(ILoggingEvent event) {
        var entry = LogEntry.of(event, service, traces);
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
        line.append('\n').append(entry.stackTrace());
        return line.toString().getBytes(StandardCharsets.UTF_8);
    }
}
