package dev.cdcpipeline.cli.verify;

import java.util.List;
import java.util.Locale;

/**
 * The outcome of a comparison.
 *
 * @param documents how many documents MongoDB has
 * @param collections how many collections were compared
 * @param differences how many documents and rows differ
 * @param first the first of the differences, at most {@link #SHOWN}
 */
public record Report(long documents, int collections, long differences, List<Difference> first) {

    /** How many differences a report describes. */
    public static final int SHOWN = 10;

    /** Do MongoDB and PostgreSQL say the same? */
    public boolean agrees() {
        return differences == 0;
    }

    /** The outcome in one sentence. */
    public String sentence() {
        return String.format(
                Locale.ROOT,
                "MongoDB and PostgreSQL %s: %s in %s, %s",
                agrees() ? "agree" : "disagree",
                counted(documents, "document"),
                counted(collections, "collection"),
                counted(differences, "difference"));
    }

    private static String counted(long count, String noun) {
        return String.format(Locale.ROOT, "%,d %s%s", count, noun, count == 1 ? "" : "s");
    }
}
