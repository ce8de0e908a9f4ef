package dev.cdcpipeline.platform.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Map;

/**
 * Writes a stack trace once: the same failure from the same place, again within the hour, is told
 * in one line that says when the trace was written. Thread-safe.
 */
final class StackTraces {
    private static final Duration PERIOD = Duration.ofHours(1);

    /** Failures remembered at most; the one that is not heard of for longest is forgotten. */
    private static final int FAILURES = 500;

    private final Map<Failure, Instant> written = new Recent<>(FAILURES);

    /** The same failure has the same types thrown at the same places. */
    private record Failure(String logger, int frames) {}

    /** The trace of what a record has thrown, with a line end after each line; empty if nothing. */
    String of(ILoggingEvent event, Instant now) {
        var thrown = event.getThrowableProxy();
        if (thrown == null) {
            return "";
        }
        Instant before = writtenBefore(new Failure(event.getLoggerName(), frames(thrown)), now);
        return before == null
                ? ThrowableProxyUtil.asString(thrown)
                : "%s: %s (stack trace as at %s)%n"
                        .formatted(
                                thrown.getClassName(),
                                thrown.getMessage(),
                                before.truncatedTo(ChronoUnit.MILLIS));
    }

    private synchronized @Nullable Instant writtenBefore(Failure failure, Instant now) {
        Instant before = written.get(failure);
        if (before != null && Duration.between(before, now).compareTo(PERIOD) < 0) {
            return before;
        }
        written.put(failure, now);
        return null;
    }

    private static int frames(@Nullable IThrowableProxy thrown) {
        int hash = 1;
        int depth = 0;
        for (var each = thrown; each != null && depth < 20; each = each.getCause()) {
            hash = 31 * hash + each.getClassName().hashCode();
            hash = 31 * hash + Arrays.hashCode(each.getStackTraceElementProxyArray());
            depth++;
        }
        return hash;
    }
}
