package dev.cdcpipeline.cli.verify;

/**
 * Where a document and its row part, first.
 *
 * @param path the field, with dots and indexes
 * @param expected what MongoDB has, shortened
 * @param found what PostgreSQL has, shortened
 */
public record Mismatch(String path, String expected, String found) {

    private static final int SHOWN_CHARACTERS = 60;

    static Mismatch of(String path, Object expected, Object found) {
        return new Mismatch(
                path.isEmpty() ? "the document" : path, shorten(expected), shorten(found));
    }

    private static String shorten(Object value) {
        String text = value.toString();
        return text.length() <= SHOWN_CHARACTERS
                ? text
                : text.substring(0, SHOWN_CHARACTERS) + "...";
    }
}
