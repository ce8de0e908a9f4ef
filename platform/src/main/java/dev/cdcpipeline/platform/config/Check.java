package dev.cdcpipeline.platform.config;

import org.jspecify.annotations.Nullable;

import java.time.Duration;

/** Whether a text is a value that an option may have. */
final class Check {

    private Check() {}

    /** The value of a text; null if the option may not have it. */
    static @Nullable Object parse(Option option, String text) {
        try {
            var value = option.type().parse().apply(text);
            return inRange(option, value) && matches(option, text) ? value : null;
        } catch (RuntimeException e) {
            return null; // what is allowed is said by the option, better than by the parser
        }
    }

    private static boolean inRange(Option option, Object value) {
        var range = option.annotation(Range.class);
        return range == null
                || ((range.min().isEmpty() || compare(value, bound(option, range.min())) >= 0)
                        && (range.max().isEmpty()
                                || compare(value, bound(option, range.max())) <= 0));
    }

    private static Object bound(Option option, String text) {
        return option.type().parse().apply(text);
    }

    private static boolean matches(Option option, String text) {
        var form = option.annotation(Matches.class);
        return form == null || text.matches(form.regex());
    }

    /** A value as it is written in a file. */
    static String text(Object value) {
        return value instanceof Duration duration ? DurationText.of(duration) : value.toString();
    }

    /** Compares two values of the same comparable type. */
    @SuppressWarnings("unchecked") // both come from the parser of one option type
    static int compare(Object left, Object right) {
        return ((Comparable<Object>) left).compareTo(right);
    }
}
