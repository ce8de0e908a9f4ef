package dev.cdcpipeline.model;

import java.util.Comparator;

/**
 * A place in all that a Watcher ever publishes: by generation first, then by resume token.
 *
 * @param generation raised only by an operator's rewind or reset, so that a deliberate replay
 *     counts as new and an old Watcher's leftovers do not; not negative
 * @param token the resume token of the event
 */
public record Position(long generation, ResumeToken token) implements Comparable<Position> {

    private static final Comparator<Position> ORDER =
            Comparator.comparingLong(Position::generation).thenComparing(Position::token);

    /** Checks the generation. */
    public Position {
        if (generation < 0) {
            throw new IllegalArgumentException(
                    "A generation is not negative, but it is " + generation + ".");
        }
    }

    @Override
    public int compareTo(Position other) {
        return ORDER.compare(this, other);
    }
}
