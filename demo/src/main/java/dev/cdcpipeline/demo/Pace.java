package dev.cdcpipeline.demo;

import java.util.function.LongSupplier;

/** Says how many events are due, so that over time there is a given number a second. */
final class Pace {

    private static final long NANOS = 1_000_000_000L;

    private final double perSecond;
    private final LongSupplier nanoTime;
    private final long start;
    private long taken;

    /**
     * @param perSecond events a second; 0 is as fast as possible
     * @param nanoTime the clock
     */
    Pace(double perSecond, LongSupplier nanoTime) {
        this.perSecond = perSecond;
        this.nanoTime = nanoTime;
        this.start = nanoTime.getAsLong();
    }

    /** How many are due now, at most {@code most}. */
    int due(int most) {
        long due = perSecond == 0 ? most : (long) (elapsed() * perSecond / NANOS) + 1 - taken;
        return Math.clamp(due, 0, most);
    }

    /** So many of those that were due have been made. */
    void taken(int count) {
        taken += count;
    }

    /** The time until the next event is due, in nanoseconds; 0 when one is. */
    long untilNext() {
        return perSecond == 0 ? 0 : Math.max(0, (long) (taken * NANOS / perSecond) - elapsed());
    }

    private long elapsed() {
        return nanoTime.getAsLong() - start;
    }
}
