package dev.cdcpipeline.syncer.deadletter;

import java.util.ArrayDeque;

/**
 * Watches how many of the last records were bad. A few are bad records; many are a broken schema or
 * a wrong topic, and then the service must stop rather than empty the topic into the dead letters.
 * Thread-safe.
 */
public final class DeadLetterRate {
    private final int window;
    private final int most;
    private final ArrayDeque<Long> bad = new ArrayDeque<>();
    private long records;

    /**
     * @param window how many of the last records count
     * @param share the share of them that may be bad; 1 allows all
     */
    public DeadLetterRate(int window, double share) {
        this.window = window;
        this.most = (int) Math.floor(window * share);
    }

    /** So many records were applied. */
    public synchronized void applied(int count) {
        records += count;
    }

    /**
     * So many records are about to become dead letters.
     *
     * @throws TooManyDeadLettersException if that is more than the share allows
     */
    public synchronized void bad(int count) {
        for (int i = 0; i < count; i++) {
            records++;
            bad.addLast(records);
        }
        while (!bad.isEmpty() && bad.getFirst() <= records - window) {
            bad.removeFirst();
        }
        if (bad.size() > most) {
            throw new TooManyDeadLettersException(bad.size(), window);
        }
    }
}
