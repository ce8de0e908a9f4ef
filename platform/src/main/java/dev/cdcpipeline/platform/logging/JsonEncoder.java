package dev.cdcpipeline.platform.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.encoder.EncoderBase;

import dev.cdcpipeline.platform.json.JsonObject;

import java.nio.charset.StandardCharsets;

/**
 * One JSON object a line: time, level, service, component, thread, message, then the context of the
 * record (MDC and key-value pairs), and the stack trace.
 */
final class JsonEncoder extends EncoderBase<ILoggingEvent> {
    private final String service;
    private final StackTraces traces = new StackTraces();

    JsonEncoder(String service) {
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
        var json =
                new JsonObject()
                        .add("time", entry.time())
                        .add("level", entry.level())
                        .add("service", entry.service())
                        .add("component", entry.component())
                        .add("thread", entry.thread())
                        .add("message", entry.message());
        entry.context().forEach(json::add);
        if (!entry.stackTrace().isEmpty()) {
            json.add("stackTrace", entry.stackTrace());
        }
        return (json + "\n").getBytes(StandardCharsets.UTF_8);
    }
}
