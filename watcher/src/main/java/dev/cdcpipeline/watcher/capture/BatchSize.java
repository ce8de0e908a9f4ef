package dev.cdcpipeline.watcher.capture;

/**
 * How many events to ask for: as many as make a batch of about the target size, judged by the
 * batches so far. Small events come many at a time, and a burst of large ones does not fill the
 * memory.
 */
final class BatchSize {
    private static final double WEIGHT_OF_THE_LAST = 0.25;
    private static final int FIRST_GUESS_BYTES = 1024;

    private final int maxEvents;
    private final long targetBytes;
    private double bytesPerEvent = FIRST_GUESS_BYTES;

    BatchSize(int maxEvents, long targetBytes) {
        this.maxEvents = maxEvents;
        this.targetBytes = targetBytes;
    }

    int next() {
        return Math.clamp((long) (targetBytes / bytesPerEvent), 1, maxEvents);
    }

    /**
     * Learns from a batch. A batch of larger events counts at once, one of smaller events little by
     * little.
     */
    void observe(int events, int bytes) {
        if (events > 0) {
            double seen = (double) bytes / events;
            double mean = bytesPerEvent + WEIGHT_OF_THE_LAST * (seen - bytesPerEvent);
            bytesPerEvent = Math.max(seen, mean);
        }
    }
}
