package dev.cdcpipeline.watcher.publish;

import dev.cdcpipeline.model.Position;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Turns acknowledgements in any order into the durable position: the position of the last event of
 * the longest acknowledged prefix (I1). It also bounds what is in flight by count and by bytes
 * (I7).
 *
 * <p>A ring of slots. One thread, the owner, adds events and {@linkplain #advance() advances}; any
 * thread may {@linkplain #confirm(long) confirm}. The durable position and the gauges may be read
 * by any thread.
 */
public final class AckTracker {
    private static final int PENDING = 0;
    private static final int CONFIRMED = 1;

    private final int maxEvents;
    private final long maxBytes;
    private final int mask;
    private final AtomicIntegerArray states;
    private final @Nullable Position[] positions;
    private final int[] sizes;

    private long head;
    private long tail;
    private long bytes;
    private volatile @Nullable Position durable;
    private volatile long inFlightEvents;
    private volatile long inFlightBytes;
    private volatile @Nullable Thread waiting;
    private final AtomicLong confirmed = new AtomicLong();

    /**
     * @param maxEvents most events in flight, at least 1
     * @param maxBytes most bytes in flight, at least 1; one event larger than this may be in flight
     *     alone
     */
    public AckTracker(int maxEvents, long maxBytes) {
        if (maxEvents < 1 || maxEvents > 1 << 24 || maxBytes < 1) {
            throw new IllegalArgumentException(
                    "the bounds are " + maxEvents + " events and " + maxBytes + " bytes");
        }
        int capacity = Integer.highestOneBit(maxEvents - 1 | 1) << 1;
        this.maxEvents = maxEvents;
        this.maxBytes = maxBytes;
        this.mask = capacity - 1;
        this.states = new AtomicIntegerArray(capacity);
        this.positions = new Position[capacity];
        this.sizes = new int[capacity];
    }

    /** True when an event of this many bytes may be added now. Owner only. */
    public boolean hasRoom(int size) {
        return head == tail || (tail - head < maxEvents && bytes + size <= maxBytes);
    }

    /**
     * Notes a record that is about to be sent. Owner only, after {@link #hasRoom}.
     *
     * @param position the place in the stream that is reached with this record; null when more
     *     records belong to the same event
     * @param size its bytes
     * @return the sequence number to confirm
     */
    public long add(@Nullable Position position, int size) {
        if (!hasRoom(size)) {
            throw new IllegalStateException("no room for " + size + " bytes");
        }
        int slot = (int) tail & mask;
        states.setPlain(slot, PENDING);
        positions[slot] = position;
        sizes[slot] = size;
        bytes += size;
        tail++;
        publishGauges();
        return tail - 1;
    }

    /** Takes back the event that was added last, because it was not sent after all. Owner only. */
    public void withdraw() {
        tail--;
        bytes -= sizes[(int) tail & mask];
        publishGauges();
    }

    /**
     * Notes a position that needs no acknowledgement of its own: it is durable as soon as
     * everything before it is. Owner only.
     */
    public void mark(Position position) {
        if (head == tail) {
            durable = position;
        } else {
            positions[(int) (tail - 1) & mask] = position;
        }
    }

    /**
     * Notes that the event with this sequence number is durable. Any thread, once per sequence
     * number.
     */
    public void confirm(long sequence) {
        states.set((int) sequence & mask, CONFIRMED);
        Thread owner = waiting;
        if (owner != null) {
            LockSupport.unpark(owner);
        }
    }

    /**
     * Moves the durable position over everything confirmed so far. Owner only.
     *
     * @return how many events became durable
     */
    public int advance() {
        long start = head;
        Position last = null;
        while (head < tail && states.get((int) head & mask) == CONFIRMED) {
            int slot = (int) head & mask;
            Position reached = positions[slot];
            last = reached == null ? last : reached;
            bytes -= sizes[slot];
            head++;
        }
        if (last != null) {
            durable = last;
        }
        if (head > start) {
            confirmed.setRelease(head);
            publishGauges();
        }
        return (int) (head - start);
    }

    /**
     * Waits until something is confirmed, the time is over, or the thread is woken for no reason.
     * Owner only.
     */
    public void await(long nanos) {
        waiting = Thread.currentThread();
        try {
            if (head < tail && states.get((int) head & mask) == PENDING) {
                LockSupport.parkNanos(this, nanos);
            }
        } finally {
            waiting = null;
        }
    }

    /**
     * The position up to which everything is durable in Kafka, null as long as nothing is. Any
     * thread.
     */
    public @Nullable Position durable() {
        return durable;
    }

    /** How many events have become durable so far. Any thread. */
    public long confirmedEvents() {
        return confirmed.getAcquire();
    }

    /** Events in flight. Any thread. */
    public long inFlightEvents() {
        return inFlightEvents;
    }

    /** Bytes in flight. Any thread. */
    public long inFlightBytes() {
        return inFlightBytes;
    }

    private void publishGauges() {
        inFlightEvents = tail - head;
        inFlightBytes = bytes;
    }
}
