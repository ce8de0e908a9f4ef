package dev.cdcpipeline.testkit;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/** Draws random numbers from a source and notes them, so that they can be given again. */
final class Choices implements RandomGenerator {

    private final RandomGenerator source;
    private long[] drawn = new long[64];
    private int count;

    Choices(RandomGenerator source) {
        this.source = source;
    }

    @Override
    public long nextLong() {
        if (count == drawn.length) {
            drawn = Arrays.copyOf(drawn, 2 * count);
        }
        long next = source.nextLong();
        drawn[count++] = next;
        return next;
    }

    /** The numbers drawn so far. */
    long[] noted() {
        return Arrays.copyOf(drawn, count);
    }
}
