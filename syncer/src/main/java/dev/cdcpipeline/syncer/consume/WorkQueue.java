package dev.cdcpipeline.syncer.consume;

import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * What the poll loop hands to the workers, who share it out among themselves: a free worker takes
 * the partition that has waited longest, as much of it as fits into a batch, and nobody else takes
 * of that partition until the worker is {@link #done}. So events of a partition keep their order
 * (6.2), no worker is idle while another has a queue, and a batch has many events of few documents
 * rather than few of many, which fold into fewer rows.
 *
 * <p>Bounded in bytes (I7): the loop asks {@link #isFull} and {@link #fullPartitions}, pauses, and
 * never waits here. Thread-safe.
 */
final class WorkQueue {
    private final BatchLimits limits;
    private final long maxBytes;
    private final long maxLaneBytes;
    private final long maxTakenBytes;
    private final LongSupplier nanoTime;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    /** What waits, by partition; no lane is empty. */
    private final Map<TopicPartition, Lane> lanes = new HashMap<>();

    /** The lanes that may be taken, the longest waiting first. */
    private final PriorityQueue<Lane> ready = new PriorityQueue<>();

    /** Partitions of which a worker has a batch. */
    private final Set<TopicPartition> underWay = new HashSet<>();

    private final Set<TopicPartition> fullLanes = new HashSet<>();
    private boolean full;
    private long bytes;
    private long takenBytes;
    private int giantsTaken;
    private int records;
    private boolean closed;
    private boolean aborted;

    /**
     * @param plan how many workers there are, when a batch is ready, and the bound of what waits
     * @param nanoTime the time, to measure waits
     */
    WorkQueue(Workload plan, LongSupplier nanoTime) {
        this.limits = plan.limits();
        this.maxBytes = plan.queueBytes();
        // Much, as deep batches fold more. But with one fetch on top, which is half the room at
        // most, it is less than all: the partition of a locked row must not hold back the others.
        this.maxLaneBytes = 2 * plan.queueBytes() / (2 * plan.workers() + 1);
        this.maxTakenBytes = plan.workers() * plan.limits().maxBytes();
        this.nanoTime = nanoTime;
    }

    /** Puts in what one poll returned, as one, so that it can be one batch. */
    void put(Collection<Chunk> chunks) {
        lock.lock();
        try {
            long now = nanoTime.getAsLong();
            chunks.forEach(chunk -> put(chunk, now));
            full |= bytes >= maxBytes;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void put(Chunk chunk, long now) {
        TopicPartition partition = chunk.claim().partition();
        Lane lane = lanes.computeIfAbsent(partition, Lane::new);
        boolean wasEmpty = lane.isEmpty();
        lane.add(chunk, now);
        if (wasEmpty && !underWay.contains(partition)) {
            ready.add(lane);
        }
        bytes += chunk.bytes();
        records += chunk.records().size();
        if (lane.bytes() >= maxLaneBytes) {
            fullLanes.add(partition);
        }
    }

    /**
     * The next batch, as soon as the limits say so. Waits for it. Its partitions are the caller's
     * until it is {@link #done}.
     *
     * @return null after {@link #abort}, or after {@link #close} when all is taken
     */
    @Nullable Batch take() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (!aborted) {
                Lane first = ready.peek();
                if (first == null) {
                    if (closed && lanes.isEmpty()) {
                        return null;
                    }
                    changed.await();
                    continue;
                }
                long left = limits.maxWait().toNanos() - (nanoTime.getAsLong() - first.since());
                if (!isRoomFor(first)) {
                    changed.await();
                    continue;
                }
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

    /**
     * A record that is larger than a batch is taken when what the other workers have leaves room
     * for it, or alone: of such ones, each worker with its own would be too much (I7).
     */
    private boolean isRoomFor(Lane lane) {
        long next = Math.min(lane.bytes(), limits.maxBytes());
        if (next == limits.maxBytes()) {
            next = Math.max(next, lane.firstBytes());
        }
        return takenBytes == 0 || takenBytes + next <= maxTakenBytes;
    }

    private boolean isReady() {
        return closed
                || limits.whenIdle()
                || full
                || ready.stream().anyMatch(lane -> fullLanes.contains(lane.partition()))
                || ready.stream().mapToLong(Lane::records).sum() >= limits.maxRecords()
                || ready.stream().mapToLong(Lane::bytes).sum() >= limits.maxBytes();
    }

    /** Of the first lane as much as may be; further ones as a whole, while they fit. */
    private Batch drain() {
        Batch batch = fill();
        takenBytes += batch.bytes();
        giantsTaken += isGiant(batch) ? 1 : 0;
        return batch;
    }

    /** A record for which the whole queue has no room: while it is written, nothing waits (I7). */
    private boolean isGiant(Batch batch) {
        return batch.bytes() > maxBytes;
    }

    private Batch fill() {
        var batch = new Batch();
        int left = Math.max(limits.maxRecords(), limits.backlogRecords());
        long leftBytes = limits.maxBytes();
        for (Lane lane = ready.peek(); lane != null; lane = ready.peek()) {
            // left > 0, as a lane may have offsets without records, of which a full batch takes
            // none
            boolean fits = left > 0 && lane.records() <= left && lane.bytes() <= leftBytes;
            if (!fits && !batch.isEmpty()) {
                return batch;
            }
            ready.remove();
            underWay.add(lane.partition());
            int recordsBefore = lane.records();
            long bytesBefore = lane.bytes();
            lane.moveTo(batch, left, leftBytes);
            left -= recordsBefore - lane.records();
            leftBytes -= bytesBefore - lane.bytes();
            settle(lane, recordsBefore, bytesBefore);
        }
        return batch;
    }

    /** Counts what has left a lane. */
    private void settle(Lane lane, int recordsBefore, long bytesBefore) {
        records -= recordsBefore - lane.records();
        bytes -= bytesBefore - lane.bytes();
        full &= bytes > maxBytes / 2;
        if (lane.bytes() <= maxLaneBytes / 2) {
            fullLanes.remove(lane.partition());
        }
        if (lane.isEmpty()) {
            lanes.remove(lane.partition());
        }
    }

    /** What was taken is applied: its partitions may be taken again. */
    void done(Batch batch) {
        lock.lock();
        try {
            takenBytes -= batch.bytes();
            giantsTaken -= isGiant(batch) ? 1 : 0;
            for (Claim claim : batch.records().keySet()) {
                TopicPartition partition = claim.partition();
                Lane lane = lanes.get(partition);
                if (underWay.remove(partition) && lane != null) {
                    ready.add(lane);
                }
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Drops what waits of a partition, as it is another instance's now. */
    void discard(TopicPartition partition) {
        lock.lock();
        try {
            Lane lane = lanes.get(partition);
            if (lane != null) {
                ready.remove(lane);
                int recordsBefore = lane.records();
                long bytesBefore = lane.bytes();
                lane.clear();
                settle(lane, recordsBefore, bytesBefore);
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** No more room: all partitions should be paused, until half of it is free. */
    boolean isFull() {
        lock.lock();
        try {
            return full || giantsTaken > 0;
        } finally {
            lock.unlock();
        }
    }

    /** Partitions that have their share of the room, and should be paused until half is free. */
    Set<TopicPartition> fullPartitions() {
        lock.lock();
        try {
            return Set.copyOf(fullLanes);
        } finally {
            lock.unlock();
        }
    }

    /** How many bytes there is room for; none while it is full. */
    long room() {
        lock.lock();
        try {
            return Math.max(0, maxBytes - bytes);
        } finally {
            lock.unlock();
        }
    }

    /** How many bytes may wait. */
    long maxBytes() {
        return maxBytes;
    }

    /** What waits, in bytes. */
    long bytes() {
        lock.lock();
        try {
            return bytes;
        } finally {
            lock.unlock();
        }
    }

    /** What waits, in records. */
    int records() {
        lock.lock();
        try {
            return records;
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

    /** Nothing waits, and nothing that was taken is still to be done. */
    boolean isDrained() {
        lock.lock();
        try {
            return lanes.isEmpty() && underWay.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /** Nothing more is taken. */
    void abort() {
        lock.lock();
        try {
            aborted = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
