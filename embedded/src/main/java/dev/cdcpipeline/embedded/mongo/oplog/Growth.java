package dev.cdcpipeline.embedded.mongo.oplog;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The lock of one oplog or of several that stand beside each other, and the signal that one of them
 * has grown. Thread-safe.
 */
public final class Growth {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition grown = lock.newCondition();
    private long count;

    public ReentrantLock lock() {
        return lock;
    }

    void signal() {
        count++;
        grown.signalAll();
    }

    Condition grown() {
        return grown;
    }

    /** How often a log has grown or readers were woken. */
    public long count() {
        lock.lock();
        try {
            return count;
        } finally {
            lock.unlock();
        }
    }

    /** Waits until the count is another one, or the time is up. */
    public void await(long seen, long nanos) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = nanos;
            while (count == seen && left > 0) {
                left = grown.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }
}
