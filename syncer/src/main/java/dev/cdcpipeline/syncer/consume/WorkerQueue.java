package dev.cdcpipeline.syncer.consume;

import org.apache.kafka.clients.consumer.ConsumerRecord;
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

    private record Entry(
            Claim claim, ConsumerRecord<byte[], byte[]> record, long bytes, long since) {}

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
                for (ConsumerRecord<byte[], byte[]> record : chunk.records()) {
                    long size = Chunk.bytes(record);
                    entries.add(new Entry(chunk.claim(), record, size, now));
                    bytes += size;
                }
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
                || entries.size() >= limits.maxRecords()
                || bytes >= limits.maxBytes();
    }

    private Batch drain() {
        var batch = new Batch();
        long taken = 0;
        int most = Math.max(limits.maxRecords(), limits.backlogRecords());
        Entry next = entries.peek();
        while (next != null
                && batch.size() < most
                && (taken == 0 || taken + next.bytes() <= limits.maxBytes())) {
            entries.poll();
            taken += next.bytes();
            if (!next.claim().hasEnded()) {
                batch.add(next.claim(), next.record());
            }
            next = entries.peek();
        }
        bytes -= taken;
        return batch;
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
            return entries.size();
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
                        boolean drop = entry.claim() == claim;
                        bytes -= drop ? entry.bytes() : 0;
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
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
