package dev.cdcpipeline.platform.failure;

import org.jspecify.annotations.Nullable;

/**
 * One row of an {@link ErrorCatalogue}: all that is known of one error code.
 *
 * @param code what the error is recognised by: a number, an SQLSTATE or its class, a type
 * @param name what the system calls it
 * @param reaction what to do about it
 * @param explanation what it means and what to do about it, as a template; null where the system's
 *     own words are enough
 * @param passesWithFewerRecords whether the error depends on how much a transaction does, so that
 *     the same records may succeed in smaller batches
 */
public record ErrorEntry(
        String code,
        String name,
        Reaction reaction,
        @Nullable Explanation explanation,
        boolean passesWithFewerRecords) {

    private ErrorEntry(Object code, String name, Reaction reaction) {
        this(code.toString(), name, reaction, null, false);
    }

    /** An error that may pass. */
    public static ErrorEntry retry(Object code, String name) {
        return new ErrorEntry(code, name, Reaction.RETRY);
    }

    /** An error that does not pass by itself. */
    public static ErrorEntry stop(Object code, String name) {
        return new ErrorEntry(code, name, Reaction.STOP);
    }

    /** An error that the data is to blame for. */
    public static ErrorEntry deadLetter(Object code, String name) {
        return new ErrorEntry(code, name, Reaction.DEAD_LETTER);
    }

    /**
     * The same row with an explanation for the operator.
     *
     * @param problem what it means, see {@link Explanation}
     * @param remedy what to do about it
     */
    public ErrorEntry explained(String problem, String remedy) {
        return new ErrorEntry(
                code, name, reaction, new Explanation(problem, remedy), passesWithFewerRecords);
    }

    /** The same row, for an error that may not occur with fewer records in a transaction. */
    public ErrorEntry withFewerRecords() {
        return new ErrorEntry(code, name, reaction, explanation, true);
    }
}
