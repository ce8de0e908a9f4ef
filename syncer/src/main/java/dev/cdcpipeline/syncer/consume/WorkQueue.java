package dev.cdcpipeline.syncer.consume;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * What the poll loop hands to one worker, bounded in bytes (I7): the loop asks {@link #isFull} and
 * pauses the partitions, and never waits here. Thread-safe.
 */
final class WorkerQueue {
    private final BatchLimits limits;
    private final long maxBytes;
    private final LongSupplier nanoTime;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<Entry> entries = new ArrayDeque<>();
    private long bytes;
    private boolean closed;
    private boolean aborted;

    private int records;

    private record Entry(Chunk chunk, long since) {}

    /**
     * @param limits when a batch is ready
     * @param maxBytes the bound of what waits here
     * @param nanoTime the time, to measure waits
     */
    WorkerQueue(BatchLimits limits, long maxBytes, LongSupplier nanoTime) {
        this.limits = limits;
        this.maxBytes = maxBytes;
        this.nanoTime = nanoTime;
    }

    /** Puts in what one poll returned for this worker, as one, so that it can be one batch. */
    void put(Collection<Chunk> chunks) {
        lock.lock();
        try {
            long now = nanoTime.getAsLong();
            for (Chunk chunk : chunks) {
                entries.add(new Entry(chunk, now));
                count(chunk, 1);
            }
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /**
     * The next batch, as soon as the limits say so. Waits for it.
     *
     * @return null after {@link #abort}, or after {@link #close} when all is taken
     */
    @Nullable Batch take() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (!aborted) {
                Entry first = entries.peek();
                if (first == null) {
                    if (closed) {
                        return null;
                    }
                    changed.await();
                    continue;
                }
                long left = limits.maxWait().toNanos() - (nanoTime.getAsLong() - first.since());
                if (isReady() || left <= 0) {
                    return drain();
                }
                changed.awaitNanos(left);
            }
            return null;
        } finally {
            lock.unlock();
        }
    }

    private boolean isReady() {
        return closed
                || limits.whenIdle()
                || records >= limits.maxRecords()
                || bytes >= limits.maxBytes();
    }

    private Batch drain() {
        var batch = new Batch();
        int left = Math.max(limits.maxRecords(), limits.backlogRecords());
        long leftBytes = limits.maxBytes();
        Entry next = entries.poll();
        while (next != null) {
            Chunk whole = next.chunk();
            Chunk taken = whole.first(left, leftBytes);
            boolean fits = left > 0 && (batch.size() == 0 || taken.bytes() <= leftBytes);
            if (!fits) {
                entries.addFirst(next);
                break;
            }
            left -= taken.records().size();
            leftBytes -= taken.bytes();
            count(taken, -1);
            if (!taken.claim().hasEnded()) {
                batch.add(taken);
            }
            if (taken.records().size() < whole.records().size()) {
                entries.addFirst(new Entry(whole.without(taken), next.since()));
                break;
            }
            next = entries.poll();
        }
        return batch;
    }

    private void count(Chunk chunk, int sign) {
        bytes += sign * chunk.bytes();
        records += sign * chunk.records().size();
    }

    /** No more room: the partitions that lead here should be paused. */
    boolean isFull() {
        return bytes() >= maxBytes;
    }

    /** Room enough to go on. */
    boolean hasRoom() {
        return bytes() <= maxBytes / 2;
    }

    /** What waits here, in bytes. */
    long bytes() {
        lock.lock();
        try {
            return bytes;
        } finally {
            lock.unlock();
        }
    }

    /** What waits here, in records. */
    int size() {
        lock.lock();
        try {
            return records;
        } finally {
            lock.unlock();
        }
    }

    /** Drops the records of a claim that has ended. */
    void discard(Claim claim) {
        lock.lock();
        try {
            entries.removeIf(
                    entry -> {
                        boolean drop = entry.chunk().claim() == claim;
                        if (drop) {
                            count(entry.chunk(), -1);
                        }
                        return drop;
                    });
        } finally {
            lock.unlock();
        }
    }

    /** Nothing more comes: what is here is still taken, at once. */
    void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Nothing more is taken. */
    void abort() {
        lock.lock();
        try {
            aborted = true;
            entries.clear();
            bytes = 0;
            records = 0;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
