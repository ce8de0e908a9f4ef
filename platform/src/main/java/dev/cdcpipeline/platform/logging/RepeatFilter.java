package dev.cdcpipeline.platform.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.spi.FilterReply;

import org.slf4j.event.KeyValuePair;

import java.time.Duration;
import java.util.Map;

/**
 * Keeps what repeats itself from filling the log: of records below ERROR with the same logger and
 * message pattern a few pass in a period; the first of the next period says how many did not, under
 * {@code suppressed}. Thread-safe.
 */
final class RepeatFilter extends Filter<ILoggingEvent> {
    /** How many records of a pattern pass in a period. */
    static final int BURST = 10;

    /** How long a period is. */
    static final Duration PERIOD = Duration.ofSeconds(10);

    /** Patterns remembered at most; the one that is not heard of for longest is forgotten. */
    private static final int PATTERNS = 1000;

    private final Map<Pattern, Period> periods = new Recent<>(PATTERNS);

    private record Pattern(String logger, String message) {}

    /** What was seen of a pattern since the time of its first record. */
    private static final class Period {
        private final long startMillis;
        private int seen = 0;

        private Period(long startMillis) {
            this.startMillis = startMillis;
        }
    }

    @Override
    public FilterReply decide(ILoggingEvent event) {
        if (event.getLevel().isGreaterOrEqual(Level.ERROR)) {
            return FilterReply.NEUTRAL;
        }
        long suppressed = suppressedBefore(event);
        if (suppressed < 0) {
            return FilterReply.DENY;
        }
        if (suppressed > 0 && event instanceof LoggingEvent own) {
            own.addKeyValuePair(new KeyValuePair("suppressed", suppressed));
        }
        return FilterReply.NEUTRAL;
    }

    /** How many records of the last period did not pass; negative if this one does not either. */
    private synchronized long suppressedBefore(ILoggingEvent event) {
        var pattern = new Pattern(event.getLoggerName(), String.valueOf(event.getMessage()));
        long now = event.getTimeStamp();
        var period = periods.get(pattern);
        long suppressed = 0;
        if (period == null || now - period.startMillis >= PERIOD.toMillis()) {
            suppressed = period == null ? 0 : Math.max(0, period.seen - BURST);
            period = new Period(now);
            periods.put(pattern, period);
        }
        period.seen++;
        return period.seen > BURST ? -1 : suppressed;
    }
}
