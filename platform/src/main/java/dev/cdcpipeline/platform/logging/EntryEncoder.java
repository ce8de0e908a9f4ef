package dev.cdcpipeline.platform.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.encoder.EncoderBase;

import java.nio.charset.StandardCharsets;
import java.util.function.Function;

/** Writes records as text, in one of the two formats. */
final class EntryEncoder extends EncoderBase<ILoggingEvent> {
    private final String service;
    private final Function<LogEntry, String> format;
    private final StackTraces traces = new StackTraces();

    private EntryEncoder(String service, Function<LogEntry, String> format) {
        this.service = service;
        this.format = format;
    }

    /** For collectors of logs: {@link JsonFormat}. */
    static EntryEncoder json(String service) {
        return new EntryEncoder(service, new JsonFormat());
    }

    /** For people: {@link ConsoleFormat}. */
    static EntryEncoder console(String service) {
        return new EntryEncoder(service, new ConsoleFormat());
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
        return format.apply(LogEntry.of(event, service, traces)).getBytes(StandardCharsets.UTF_8);
    }
}
