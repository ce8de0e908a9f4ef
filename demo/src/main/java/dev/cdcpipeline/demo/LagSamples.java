package dev.cdcpipeline.demo;

import java.util.Arrays;

/** Measured delays, in nanoseconds. Thread-safe. */
final class LagSamples {

    private static final int RECENT = 500;

    private long[] all = new long[1_024];
    private int size;

    synchronized void add(long nanos) {
        if (size == all.length) {
            all = Arrays.copyOf(all, size * 2);
        }
        all[size++] = nanos;
    }

    synchronized int size() {
        return size;
    }

    /** The distribution of the latest samples. */
    synchronized Lag recent() {
        return lag(Arrays.copyOfRange(all, Math.max(0, size - RECENT), size));
    }

    /** The distribution of all samples. */
    synchronized Lag overall() {
        return lag(Arrays.copyOf(all, size));
    }

    private static Lag lag(long[] nanos) {
        Arrays.sort(nanos);
        return nanos.length == 0
                ? Lag.NONE
                : new Lag(nanos.length, percentile(nanos, 0.5), percentile(nanos, 0.99));
    }

    /** The smallest sample that is not below the share of all samples, in milliseconds. */
    private static double percentile(long[] sorted, double share) {
        int rank = (int) Math.ceil(share * sorted.length);
        return sorted[Math.max(0, rank - 1)] / 1e6;
    }
}
