package dev.cdcpipeline.platform.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;

import dev.cdcpipeline.platform.secret.Redaction;

import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/**
 * What both formats show of a record, credentials removed.
 *
 * @param component the part of the service: what the record's context says, or the package of the
 *     logger
 * @param context MDC and key-value pairs; a pair wins over an MDC entry of its name
 * @param stackTrace with a line end after each line, or one line where it was written before; empty
 *     if nothing was thrown
 */
record LogEntry(
        Instant time,
        String level,
        String service,
        String component,
        String thread,
        String message,
        Map<String, String> context,
        String stackTrace) {

    /** The key under which a record may name its component itself. */
    static final String COMPONENT = "component";

    static LogEntry of(ILoggingEvent event, String service, StackTraces traces) {
        var time =
                event.getInstant() == null
                        ? Instant.ofEpochMilli(event.getTimeStamp())
                        : event.getInstant();
        var context = context(event);
        var component = context.remove(COMPONENT);
        return new LogEntry(
                time,
                event.getLevel().toString(),
                service,
                component == null ? component(event.getLoggerName()) : component,
                event.getThreadName(),
                Redaction.redact(String.valueOf(event.getFormattedMessage())),
                context,
                Redaction.redact(traces.of(event, time)));
    }

    /** {@code dev.cdcpipeline.watcher.publish.Publisher} is publish; of libraries, their logger. */
    static String component(String logger) {
        int end = logger.lastIndexOf('.');
        if (!logger.startsWith("dev.cdcpipeline.") || end < 0) {
            return logger;
        }
        return logger.substring(logger.lastIndexOf('.', end - 1) + 1, end);
    }

    private static Map<String, String> context(ILoggingEvent event) {
        var context = new TreeMap<String, String>();
        event.getMDCPropertyMap().forEach((name, value) -> put(context, name, value));
        var pairs = event.getKeyValuePairs();
        if (pairs != null) {
            pairs.forEach(pair -> put(context, pair.key, pair.value));
        }
        return context;
    }

    private static void put(Map<String, String> context, String name, Object value) {
        context.put(
                name,
                Redaction.isSecretKey(name) && !name.equals("token")
                        ? Redaction.MASK
                        : Redaction.redact(String.valueOf(value)));
    }
}
