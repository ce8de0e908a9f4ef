package dev.cdcpipeline.platform.config;

import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Finds the option that a mistyped key was meant to be. */
public final class Nearest {

    private Nearest() {}

    /** {@code "; did you mean ...?"}, or nothing if no option is near. */
    static String hint(String key, Schema schema) {
        return Stream.concat(Stream.of(schema.prefix()), schema.options().stream().map(Option::key))
                .min(Comparator.comparingInt(candidate -> distance(key, candidate)))
                .filter(candidate -> distance(key, candidate) <= tolerance(key, schema))
                .map(candidate -> "; did you mean " + candidate + "?")
                .orElse("");
    }

    /** A third of what comes after the prefix may be wrong. */
    private static int tolerance(String key, Schema schema) {
        return Math.max(2, (key.length() - schema.prefix().length()) / 3);
    }

    /** The name that is at most so many characters from this one, in whatever case; if any is. */
    public static Optional<String> of(String name, Set<String> names, int tolerance) {
        String lower = name.toLowerCase(Locale.ROOT);
        return names.stream()
                .filter(candidate -> distance(lower, candidate) <= tolerance)
                .min(
                        Comparator.comparingInt((String candidate) -> distance(lower, candidate))
                                .thenComparing(Comparator.naturalOrder()));
    }

    /** How many characters to insert, remove or change to get from one to the other. */
    static int distance(String from, String to) {
        var previous = new int[to.length() + 1];
        for (int j = 0; j <= to.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            var current = new int[to.length() + 1];
            current[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int change = from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1;
                int insertOrRemove = Math.min(current[j - 1], previous[j]) + 1;
                current[j] = Math.min(insertOrRemove, previous[j - 1] + change);
            }
            previous = current;
        }
        return previous[to.length()];
    }
}
