package dev.cdcpipeline.platform.config;

import java.time.Duration;
import java.util.Locale;
import java.util.regex.Pattern;

/** Durations as operators write them: {@code 500ms}, {@code 1m30s}, or ISO-8601 {@code PT1M30S}. */
final class DurationText {
    private static final Pattern PART = Pattern.compile("(\\d{1,12})\\s*(ms|s|m|h|d)\\s*");
    private static final Pattern WHOLE = Pattern.compile("(" + PART.pattern() + ")+");

    private DurationText() {}

    /**
     * Reads a duration.
     *
     * @throws RuntimeException if the text is not a duration of zero or more
     */
    static Duration parse(String text) {
        var lower = text.strip().toLowerCase(Locale.ROOT);
        if (lower.equals("0")) {
            return Duration.ZERO;
        }
        if (lower.startsWith("p")) {
            var duration = Duration.parse(lower);
            if (duration.isNegative()) {
                throw new IllegalArgumentException("a duration is not negative");
            }
            return duration;
        }
        if (!WHOLE.matcher(lower).matches()) {
            throw new IllegalArgumentException("not a duration");
        }
        return PART.matcher(lower)
                .results()
                .map(part -> of(Long.parseLong(part.group(1)), part.group(2)))
                .reduce(Duration.ZERO, Duration::plus);
    }

    /** The shortest exact form: {@code 1m30s}. */
    static String of(Duration duration) {
        if (duration.isZero()) {
            return "0";
        }
        var text = new StringBuilder();
        append(text, duration.toDays(), "d");
        append(text, duration.toHoursPart(), "h");
        append(text, duration.toMinutesPart(), "m");
        append(text, duration.toSecondsPart(), "s");
        append(text, duration.toMillisPart(), "ms");
        return text.toString();
    }

    private static void append(StringBuilder text, long amount, String unit) {
        if (amount > 0) {
            text.append(amount).append(unit);
        }
    }

    private static Duration of(long amount, String unit) {
        return switch (unit) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            default -> Duration.ofDays(amount);
        };
    }
}
