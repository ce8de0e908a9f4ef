package dev.cdcpipeline.testkit;

import java.util.random.RandomGenerator;

/** Gives noted random numbers again, then zeros, with which most generators come to an end. */
final class Replay implements RandomGenerator {

    private static final int MOST_ZEROS = 1_000;

    private final long[] numbers;
    private int next;

    Replay(long[] numbers) {
        this.numbers = numbers;
    }

    @Override
    public long nextLong() {
        if (next >= numbers.length + MOST_ZEROS) {
            throw new IllegalStateException(
                    "A generator needs more random numbers than were noted.");
        }
        return next < numbers.length ? numbers[next++] : zero();
    }

    private long zero() {
        next++;
        return 0;
    }
}
