package dev.cdcpipeline.demo;

/** A service's counter over all its lives: each life of the process counts from zero again. */
final class Counter {

    private long earlierLives;
    private long latest;

    /** Takes a reading; a lower one than before is of a new life. */
    void read(long value) {
        if (value < latest) {
            earlierLives += latest;
        }
        latest = value;
    }

    long total() {
        return earlierLives + latest;
    }
}
