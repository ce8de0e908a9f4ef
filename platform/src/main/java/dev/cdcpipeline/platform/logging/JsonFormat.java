package dev.cdcpipeline.platform.logging;

import dev.cdcpipeline.platform.json.JsonObject;

import java.util.function.Function;

/**
 * One JSON object a line: time, level, service, component, thread, message, then the context of the
 * record (MDC and key-value pairs), and the stack trace.
 */
final class JsonFormat implements Function<LogEntry, String> {

    @Override
    public String apply(LogEntry entry) {
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
        return json + "\n";
    }
}
