package dev.cdcpipeline.platform.failure;

/**
 * One row of the table.
 *
 * @param code what a failure is recognized by: a number, an SQLSTATE or the beginning of it, a type
 * @param name what the source of the failure calls it
 * @param reaction what to do about it
 */
public record Row(String code, String name, Reaction reaction) {

    static Row retry(Object code, String name) {
        return new Row(code.toString(), name, Reaction.RETRY);
    }

    static Row stop(Object code, String name) {
        return new Row(code.toString(), name, Reaction.STOP);
    }

    static Row deadLetter(Object code, String name) {
        return new Row(code.toString(), name, Reaction.DEAD_LETTER);
    }
}
