package dev.cdcpipeline.embedded.mongo.oplog;

import de.bwaldvogel.mongo.bson.BsonTimestamp;
import de.bwaldvogel.mongo.bson.Document;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A bounded log in one total order, read by position: the cost of an append and of reading an entry
 * does not depend on the log's length. Readers that have read everything can wait and are woken by
 * the next append. Thread-safe.
 *
 * <p>Positions count entries from 0 and never change; the oldest entries are dropped when the log
 * is full. See https://www.mongodb.com/docs/manual/core/replica-set-oplog/.
 */
public final class Oplog implements EntrySink {

    private static final int INITIAL_CAPACITY = 1024;

    private final InstantSource clock;
    private final int maxEntries;
    private final ReentrantLock lock;
    private final Growth growth;
    private @Nullable OplogEntry[] ring = new OplogEntry[INITIAL_CAPACITY];
    private long first;
    private long end;
    private long lastTime;
    private long lastDroppedTime;

    /**
     * @param clock gives the seconds of cluster times and the wall-clock times
     * @param maxEntries how many entries are kept
     * @param lost the time up to which an earlier log was lost; 0 when there was none
     */
    public Oplog(InstantSource clock, int maxEntries, BsonTimestamp lost) {
        this(clock, maxEntries, lost, new Growth());
    }

    /**
     * A log beside others.
     *
     * @param growth what they share: appends to one and waiting for any of them
     */
    public Oplog(InstantSource clock, int maxEntries, BsonTimestamp lost, Growth growth) {
        this.clock = clock;
        this.maxEntries = maxEntries;
        this.growth = growth;
        this.lock = growth.lock();
        this.lastTime = lost.getValue();
        this.lastDroppedTime = lost.getValue();
        append(new Namespace("", ""), null, new Operation.Noop());
    }

    @Override
    public void append(Namespace namespace, @Nullable UUID collection, Operation operation) {
        lock.lock();
        try {
            Instant wall = clock.instant();
            add(new OplogEntry(nextTime(wall), wall, namespace, collection, operation, null));
            growth.signal();
        } finally {
            lock.unlock();
        }
    }

    /** A write of a transaction that waits for its commit. */
    public record Pending(Namespace namespace, @Nullable UUID collection, Operation operation) {}

    @Override
    public void appendTransaction(Document lsid, long number, List<Pending> writes) {
        appendTransaction(clock.instant(), lsid, number, 0, writes);
    }

    /**
     * Appends the writes of a transaction, which all share one cluster time.
     *
     * @param first the index of the first one in the transaction
     */
    public void appendTransaction(
            Instant wall, Document lsid, long number, int first, List<Pending> writes) {
        lock.lock();
        try {
            BsonTimestamp time = nextTime(wall);
            for (int index = 0; index < writes.size(); index++) {
                Pending write = writes.get(index);
                TransactionPosition position = new TransactionPosition(lsid, number, first + index);
                add(
                        new OplogEntry(
                                time,
                                wall,
                                write.namespace(),
                                write.collection(),
                                write.operation(),
                                position));
            }
            growth.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Appends a no-op when nothing was written for a while, so that idle streams move on. */
    public void appendNoopIfIdle(long idleSeconds) {
        lock.lock();
        try {
            if (clock.instant().getEpochSecond() - (lastTime >> 32) >= idleSeconds) {
                append(new Namespace("", ""), null, new Operation.Noop());
            }
        } finally {
            lock.unlock();
        }
    }

    /** Appends a no-op unless there is an entry at or after this time. */
    public void appendNoopUpTo(BsonTimestamp time) {
        lock.lock();
        try {
            if (entry(end - 1).time().compareTo(time) < 0) {
                advanceTo(time);
                append(new Namespace("", ""), null, new Operation.Noop());
            }
        } finally {
            lock.unlock();
        }
    }

    /** Appends a no-op when the last entry is older than that. */
    public void appendNoopAfter(Duration idle) {
        lock.lock();
        try {
            if (!entry(end - 1).wall().plus(idle).isAfter(clock.instant())) {
                append(new Namespace("", ""), null, new Operation.Noop());
            }
        } finally {
            lock.unlock();
        }
    }

    /** Never falls behind a cluster time that a client has seen elsewhere. */
    public void advanceTo(BsonTimestamp seen) {
        lock.lock();
        try {
            lastTime = Math.max(lastTime, seen.getValue());
        } finally {
            lock.unlock();
        }
    }

    private BsonTimestamp nextTime(Instant wall) {
        lastTime = Math.max(lastTime + 1, (wall.getEpochSecond() << 32) + 1);
        return new BsonTimestamp(lastTime);
    }

    private void add(OplogEntry entry) {
        if (end - first >= maxEntries) {
            dropFirst();
        }
        if (end - first == ring.length) {
            grow();
        }
        ring[slot(end)] = entry;
        end++;
    }

    private void dropFirst() {
        lastDroppedTime = entry(first).time().getValue();
        ring[slot(first)] = null;
        first++;
    }

    private void grow() {
        @Nullable OplogEntry[] larger = new OplogEntry[ring.length * 2];
        for (long position = first; position < end; position++) {
            larger[(int) (position & (larger.length - 1))] = ring[slot(position)];
        }
        ring = larger;
    }

    private int slot(long position) {
        return (int) (position & (ring.length - 1));
    }

    private OplogEntry entry(long position) {
        OplogEntry entry = ring[slot(position)];
        if (entry == null) {
            throw new IllegalStateException("No oplog entry at position " + position);
        }
        return entry;
    }

    /** Drops all but the newest entries, as a busy server's oplog would in time. */
    public void truncate(int keep) {
        lock.lock();
        try {
            while (end - first > keep) {
                dropFirst();
            }
        } finally {
            lock.unlock();
        }
    }

    /** The time of the last entry. */
    public BsonTimestamp lastTime() {
        lock.lock();
        try {
            return new BsonTimestamp(lastTime);
        } finally {
            lock.unlock();
        }
    }

    /** The position of the oldest entry that is held. */
    public long first() {
        lock.lock();
        try {
            return first;
        } finally {
            lock.unlock();
        }
    }

    /** The position after the last entry. */
    public long end() {
        lock.lock();
        try {
            return end;
        } finally {
            lock.unlock();
        }
    }

    /** Whether every entry at or after this time is still held. */
    public boolean reachesBackTo(BsonTimestamp time) {
        lock.lock();
        try {
            return Long.compareUnsigned(lastDroppedTime, time.getValue()) < 0;
        } finally {
            lock.unlock();
        }
    }

    /** The position of the first entry at or after this time. */
    public long positionOf(BsonTimestamp time) {
        lock.lock();
        try {
            long low = first;
            long high = end;
            while (low < high) {
                long middle = (low + high) >>> 1;
                if (entry(middle).time().compareTo(time) < 0) {
                    low = middle + 1;
                } else {
                    high = middle;
                }
            }
            return low;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Copies entries from a position on.
     *
     * @param into receives them; the caller clears it
     * @return whether the position is still held; false when the log has been cut past it
     */
    public boolean read(long position, int max, List<OplogEntry> into) {
        lock.lock();
        try {
            if (position < first) {
                return false;
            }
            long until = Math.min(end, position + max);
            for (long next = position; next < until; next++) {
                into.add(entry(next));
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until there is an entry at the position.
     *
     * @return the nanoseconds that are left, 0 or less when time is up
     */
    public long awaitEntryAt(long position, long nanos) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = nanos;
            while (end <= position && left > 0) {
                left = growth.grown().awaitNanos(left);
            }
            return left;
        } finally {
            lock.unlock();
        }
    }

    /** Wakes every waiting reader, to end its wait early. */
    public void wakeReaders() {
        lock.lock();
        try {
            growth.signal();
        } finally {
            lock.unlock();
        }
    }

    /** How many entries are held, and since when. */
    public Document stats() {
        lock.lock();
        try {
            return new Document("entries", end - first).append("maxEntries", maxEntries);
        } finally {
            lock.unlock();
        }
    }

    /** The unit of {@link #awaitEntryAt}'s limit. */
    public static long nanosOf(long millis) {
        return TimeUnit.MILLISECONDS.toNanos(millis);
    }
}
