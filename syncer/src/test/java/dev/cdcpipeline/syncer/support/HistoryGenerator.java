package dev.cdcpipeline.syncer.support;

import dev.cdcpipeline.model.Position;
import dev.cdcpipeline.model.ResumeToken;
import dev.cdcpipeline.model.wire.WireFormat;
import dev.cdcpipeline.syncer.support.History.Entry;
import dev.cdcpipeline.syncer.support.History.Kind;
import dev.cdcpipeline.syncer.support.History.Stored;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Lives the life of a Watcher by chance: changes of few documents in order, with transactions
 * (equal versions), snapshot rows, sweeps, tombstones, garbage, whole stretches published again
 * after restarts or after an operator's rewind, leftovers of the generations before, and dead
 * letters. Or the life of the official MongoDB Kafka connector, which has no headers and no
 * generations.
 */
final class HistoryGenerator {
    private static final int KEYS = 6;

    private final RandomGenerator random;
    private final boolean strange;
    private final boolean headers;
    private final List<List<Stored>> partitions = new ArrayList<>();

    /** The change stream, each event as it was published last. */
    private final List<Entry> stream = new ArrayList<>();

    /** What was published in generations that a rewind has ended. */
    private final List<Entry> leftovers = new ArrayList<>();

    private final long[] changedAt = new long[KEYS];
    private long generation;
    private long version = 10;
    private long sweptAt;
    private int tick;

    /**
     * @param strange whether snapshot rows may be older than the stream's state
     */
    HistoryGenerator(RandomGenerator random, boolean strange) {
        this.random = random;
        this.strange = strange;
        this.headers = random.nextInt(3) > 0;
        this.generation = headers ? 1 : 0;
        for (int i = random.nextInt(1, 4); i > 0; i--) {
            partitions.add(new ArrayList<>());
        }
    }

    History generate() {
        for (int i = random.nextInt(1, 60); i > 0; i--) {
            step();
        }
        return new History(headers, partitions);
    }

    private void step() {
        int dice = random.nextInt(100);
        if (dice < 8) {
            publishAgain();
        } else if (dice < 11) {
            sweep();
        } else if (dice < 14) {
            addWithoutEvent(Kind.TOMBSTONE);
        } else if (dice < 17) {
            addWithoutEvent(Kind.GARBAGE);
        } else if (dice < 25) {
            snapshot();
        } else if (dice < 28) {
            rewind();
        } else if (dice < 32) {
            leftovers();
        } else {
            change();
        }
    }

    private void change() {
        version += random.nextInt(4) == 0 ? 0 : random.nextInt(1, 3);
        int key = random.nextInt(KEYS);
        changedAt[key] = version;
        Kind kind =
                switch (random.nextInt(4)) {
                    case 0 -> Kind.DELETE;
                    case 1 -> Kind.UPDATE;
                    default -> Kind.INSERT;
                };
        tick++;
        publish(new Entry(partitionOf(key), kind, key, version, position(generation, tick), tick));
    }

    private void snapshot() {
        int key = random.nextInt(KEYS);
        tick++;
        if (headers) {
            snapshotRow(key);
        } else if (strange || changedAt[key] == 0) {
            // The connector copies before it follows the stream; its copies say no time.
            add(new Entry(partitionOf(key), Kind.SNAPSHOT, key, 0, null, tick));
        }
    }

    /** Its version is not older than the last sweep, as a snapshot after it was read after it. */
    private void snapshotRow(int key) {
        long low = Math.max(sweptAt, version - random.nextInt(5));
        low = strange ? low : Math.max(low, changedAt[key]);
        changedAt[key] = low;
        add(new Entry(partitionOf(key), Kind.SNAPSHOT, key, low, snapshotPosition(), tick));
    }

    /** It may have none, or any, of which only the generation counts; it may be a leftover. */
    private @Nullable Position snapshotPosition() {
        int at = random.nextInt(tick + 5);
        return switch (random.nextInt(3)) {
            case 0 -> null;
            case 1 -> position(generation - 1, at);
            default -> position(generation, at);
        };
    }

    /** A Watcher's is in every partition, the connector's event in one. */
    private void sweep() {
        version += 2;
        sweptAt = version;
        tick++;
        int only = headers ? -1 : random.nextInt(partitions.size());
        for (int partition = 0; partition < partitions.size(); partition++) {
            if (headers || partition == only) {
                publish(
                        new Entry(
                                partition, Kind.SWEEP, 0, version, position(generation, tick), 0));
            }
        }
    }

    private void addWithoutEvent(Kind kind) {
        int key = random.nextInt(KEYS);
        add(new Entry(partitionOf(key), kind, key, 0, null, 0));
    }

    /** A restart at an older position. */
    private void publishAgain() {
        stream.subList(anyOf(stream), stream.size()).forEach(this::add);
    }

    /** An operator's: what is published again counts as new. */
    private void rewind() {
        if (headers) {
            generation++;
            List<Entry> again = stream.subList(anyOf(stream), stream.size());
            leftovers.addAll(again);
            again.replaceAll(each -> each.in(generation));
            again.forEach(this::add);
        }
    }

    /** An old Watcher that does not know yet that it was rewound. */
    private void leftovers() {
        int from = anyOf(leftovers);
        int to = Math.min(leftovers.size(), from + random.nextInt(1, 5));
        leftovers.subList(from, to).forEach(this::add);
    }

    private int anyOf(List<Entry> entries) {
        return entries.isEmpty() ? 0 : random.nextInt(entries.size());
    }

    private void publish(Entry entry) {
        stream.add(entry);
        add(entry);
    }

    private void add(Entry entry) {
        // PostgreSQL refuses documents, never a marker.
        boolean setAside = entry.kind() != Kind.SWEEP && random.nextInt(12) == 0;
        WireFormat format = random.nextBoolean() ? WireFormat.JSON : WireFormat.BSON;
        partitions.get(entry.partition()).add(new Stored(entry, format, setAside));
    }

    private static Position position(long ofGeneration, int at) {
        byte[] token = ByteBuffer.allocate(5).put((byte) 0x82).putInt(at).array();
        return new Position(ofGeneration, ResumeToken.ofBytes(token));
    }

    private int partitionOf(int key) {
        return key % partitions.size();
    }
}
