package dev.cdcpipeline.demo;

/**
 * A distribution of delays.
 *
 * @param samples how many were measured
 * @param p50 the median in milliseconds
 * @param p99 the 99th percentile in milliseconds
 */
record Lag(int samples, double p50, double p99) {

    static final Lag NONE = new Lag(0, 0, 0);
}
