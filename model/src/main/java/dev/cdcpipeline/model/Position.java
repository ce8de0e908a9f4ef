package dev.cdcpipeline.model;

/**
 * A place in all that a Watcher ever publishes: by generation first, then by resume token.
 *
 * @param generation raised only by an operator's rewind or reset, so that a deliberate replay
 *     counts as new and an old Watcher's leftovers do not; not negative
 * @param token the resume token of the event
 */
public record Position(long generation, ResumeToken token) implements Comparable<Position> {

    /** Checks the generation. */
    public Position {
        if (generation < 0) {
            throw new IllegalArgumentException(
                    "A generation is not negative, but it is " + generation + ".");
        }
    }

    @Override
    public int compareTo(Position other) {
        int byGeneration = Long.compare(generation, other.generation);
        return byGeneration != 0 ? byGeneration : token.compareTo(other.token);
    }
}
