package dev.cdcpipeline.watcher.publish;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cdcpipeline.model.Position;
import dev.cdcpipeline.model.ResumeToken;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Does the same to a tracker and to a plain list, and compares them after every step. */
final class TrackerModel {
    /** What can be done. */
    enum Step {
        ADD,
        ADD_PART,
        MARK,
        CONFIRM_ANY,
        CONFIRM_OLDEST,
        WITHDRAW,
        ADVANCE
    }

    private static final class Entry {
        final long sequence;
        final int size;
        @Nullable Position position;
        boolean confirmed;

        Entry(long sequence, int size, @Nullable Position position) {
            this.sequence = sequence;
            this.size = size;
            this.position = position;
        }
    }

    private final int maxEvents;
    private final long maxBytes;
    private final AckTracker tracker;
    private final Random random;
    private final List<Entry> open = new ArrayList<>();
    private @Nullable Position durable;
    private long next;
    private boolean justAdded;

    TrackerModel(int maxEvents, long maxBytes, long seed) {
        this.maxEvents = maxEvents;
        this.maxBytes = maxBytes;
        this.tracker = new AckTracker(maxEvents, maxBytes);
        this.random = new Random(seed);
    }

    void step(Step step) {
        boolean withdrawable = justAdded;
        justAdded = false;
        switch (step) {
            case ADD -> add(position(next++));
            case ADD_PART -> add(null);
            case MARK -> mark(position(next++));
            case CONFIRM_ANY -> confirm(true);
            case CONFIRM_OLDEST -> confirm(false);
            case WITHDRAW -> withdraw(withdrawable);
            case ADVANCE -> advance();
        }
        assertThat(tracker.durable()).isEqualTo(durable);
        assertThat(tracker.inFlightEvents()).isEqualTo(open.size());
        assertThat(tracker.inFlightBytes()).isEqualTo(bytes());
    }

    private long bytes() {
        return open.stream().mapToLong(entry -> entry.size).sum();
    }

    private void add(@Nullable Position position) {
        int size = random.nextInt(50);
        boolean room = open.isEmpty() || (open.size() < maxEvents && bytes() + size <= maxBytes);
        assertThat(tracker.hasRoom(size)).isEqualTo(room);
        if (room) {
            open.add(new Entry(tracker.add(position, size), size, position));
            justAdded = true;
        }
    }

    private void mark(Position position) {
        tracker.mark(position);
        if (open.isEmpty()) {
            durable = position;
        } else {
            open.getLast().position = position;
        }
    }

    private void confirm(boolean any) {
        List<Entry> unconfirmed = open.stream().filter(entry -> !entry.confirmed).toList();
        if (!unconfirmed.isEmpty()) {
            Entry chosen = unconfirmed.get(any ? random.nextInt(unconfirmed.size()) : 0);
            tracker.confirm(chosen.sequence);
            chosen.confirmed = true;
        }
    }

    private void withdraw(boolean possible) {
        if (possible) {
            tracker.withdraw();
            open.removeLast();
        }
    }

    private void advance() {
        int confirmed = 0;
        while (!open.isEmpty() && open.getFirst().confirmed) {
            Position reached = open.removeFirst().position;
            durable = reached == null ? durable : reached;
            confirmed++;
        }
        assertThat(tracker.advance()).isEqualTo(confirmed);
    }

    static Position position(long number) {
        byte[] token = ByteBuffer.allocate(8).putLong(number).array();
        return new Position(1, ResumeToken.ofBytes(token));
    }
}
