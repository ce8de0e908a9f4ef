package dev.cdcpipeline.watcher.capture;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Batches on their way from the reader to the publisher, bounded in bytes (I7): a full queue makes
 * the reader wait, and with it the change stream. Thread-safe for one reader and one publisher.
 */
final class BatchQueue {
    private final long maxBytes;
    private final Queue<EventBatch> batches = new ArrayDeque<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private long bytes;
    private @Nullable Throwable failure;

    BatchQueue(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** Waits for room and appends; one batch larger than the bound is let in alone. */
    void put(EventBatch batch) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (!batches.isEmpty() && bytes + batch.bytes() > maxBytes) {
                changed.await();
            }
            batches.add(batch);
            bytes += batch.bytes();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Ends the queue: after the batches in it, {@link #poll} throws this. */
    void fail(Throwable cause) {
        lock.lock();
        try {
            failure = cause;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * The next batch; null when there is none within the time.
     *
     * @throws Exception the failure that ended the queue, or an {@link Error}
     */
    @Nullable EventBatch poll(Duration timeout) throws Exception {
        long left = timeout.toNanos();
        lock.lockInterruptibly();
        try {
            while (batches.isEmpty() && failure == null && left > 0) {
                left = changed.awaitNanos(left);
            }
            EventBatch batch = batches.poll();
            if (batch != null) {
                bytes -= batch.bytes();
                changed.signalAll();
            } else if (failure != null) {
                rethrow(failure);
            }
            return batch;
        } finally {
            lock.unlock();
        }
    }

    private static void rethrow(Throwable failure) throws Exception {
        switch (failure) {
            case Exception exception -> throw exception;
            case Error error -> throw error;
            default -> throw new IllegalStateException(failure);
        }
    }
}
