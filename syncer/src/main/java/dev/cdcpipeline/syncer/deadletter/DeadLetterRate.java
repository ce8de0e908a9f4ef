package dev.cdcpipeline.syncer.deadletter;

import java.util.ArrayDeque;

/**
 * Watches how many of the last records were bad. A few are bad records; many are a broken schema or
 * a wrong topic, and then the service must stop rather than empty the topic into the dead letters.
 * It counts from its start: before the window is full, the share is of the records so far.
 * Thread-safe.
 */
public final class DeadLetterRate {
    /** So many are allowed whatever their share, which is large while few records have come. */
    private static final int FEW = 10;

    private record Part(int records, int bad) {}

    private final int window;
    private final double share;
    private final int few;
    private final ArrayDeque<Part> parts = new ArrayDeque<>();
    private long records;

    /**
     * @param window how many of the last records count
     * @param share the share of them that may be bad; 1 allows all
     */
    public DeadLetterRate(int window, double share) {
        this.window = window;
        this.share = share;
        this.few = (int) Math.min(FEW, Math.floor(window * share));
    }

    /** So many records are done with; so many of them as dead letters. */
    public synchronized void done(int count, int bad) {
        if (count == 0) {
            return; // markers of transactions only
        }
        parts.addLast(new Part(count, bad));
        records += count;
        while (records - parts.getFirst().records() >= window) {
            records -= parts.removeFirst().records();
        }
    }

    /**
     * Of the next so many records some are to become dead letters.
     *
     * @throws TooManyDeadLettersException if the share does not allow that
     */
    public synchronized void check(int count, int bad) {
        int counted = count;
        int badOfThem = bad;
        var latestFirst = parts.descendingIterator();
        while (counted < window && latestFirst.hasNext()) {
            Part part = latestFirst.next();
            counted += part.records();
            badOfThem += part.bad();
        }
        if (badOfThem > Math.max(few, Math.floor(counted * share))) {
            throw new TooManyDeadLettersException(badOfThem, counted);
        }
    }
}
