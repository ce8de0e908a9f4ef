package dev.cdcpipeline.cli.doctor;

import dev.cdcpipeline.platform.secret.Redaction;

import java.util.Locale;

/**
 * What one check found.
 *
 * @param mark how it is
 * @param what what was looked at
 * @param says what was found
 * @param mend what to do about it, as a command where there is one; empty if nothing
 */
public record Finding(Mark mark, String what, String says, String mend) {

    /** How something is. */
    public enum Mark {
        /** As it must be. */
        OK,
        /** The service runs with it, but somebody should know. */
        NOTE,
        /** The service will not run, or not in full. */
        WRONG
    }

    /** One line, and another one that says how to mend it; without credentials. */
    public String text() {
        String line =
                "  %-7s %s: %s"
                        .formatted(
                                "[" + mark.name().toLowerCase(Locale.ROOT) + "]",
                                what,
                                Redaction.redact(says));
        return mend.isEmpty() ? line : line + System.lineSeparator() + "          -> " + mend;
    }
}
