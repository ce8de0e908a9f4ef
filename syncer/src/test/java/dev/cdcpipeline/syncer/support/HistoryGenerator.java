package dev.cdcpipeline.syncer.support;

import dev.cdcpipeline.model.Position;
import dev.cdcpipeline.model.ResumeToken;
import dev.cdcpipeline.model.wire.StreamId;
import dev.cdcpipeline.model.wire.WireFormat;
import dev.cdcpipeline.syncer.support.History.Entry;
import dev.cdcpipeline.syncer.support.History.Kind;
import dev.cdcpipeline.syncer.support.History.Stored;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * Lives the life of Watchers by chance: changes of few documents in order, with transactions (equal
 * versions), snapshot rows, sweeps, tombstones, garbage, whole stretches published again after
 * restarts, lost checkpoints and an operator's rewind, generations that fall back, a second Watcher
 * with a stream of its own, leftovers of the generations before, dead letters, and such that are
 * put back. Then the {@link LogCleaner} comes. Or the life of the official MongoDB Kafka connector,
 * which has no headers, no streams and no generations.
 */
final class HistoryGenerator {
    private static final int KEYS = 6;

    /** What may be in it. */
    enum Manner {
        USUAL,
        STRANGE,
        LOSSLESS
    }

    private final RandomGenerator random;
    private final Manner manner;
    private final boolean headers;
    private final List<List<Stored>> partitions = new ArrayList<>();

    /** The change stream, in parts that are published together: transactions, sweeps. */
    private final List<List<Entry>> log = new ArrayList<>();

    private final List<Publisher> watchers = new ArrayList<>();
    private final List<Publisher> zombies = new ArrayList<>();

    /** The events of which a record was applied: none of them is refused later. */
    private final Set<Integer> accepted = new HashSet<>();

    private final Map<String, String> truth = new TreeMap<>();
    private final long[] changedAt = new long[KEYS];
    private long version = 10;
    private long sweptAt;
    private int tick;

    /** One who publishes the log. */
    private static final class Publisher {
        @Nullable StreamId stream;
        long generation;
        int next;

        Publisher(@Nullable StreamId stream, long generation, int next) {
            this.stream = stream;
            this.generation = generation;
            this.next = next;
        }
    }

    HistoryGenerator(RandomGenerator random, Manner manner) {
        this.random = random;
        this.manner = manner;
        this.headers = manner == Manner.LOSSLESS || random.nextInt(3) > 0;
        for (int i = random.nextInt(1, 4); i > 0; i--) {
            partitions.add(new ArrayList<>());
        }
        boolean isOld = !headers || random.nextInt(6) == 0;
        watchers.add(new Publisher(isOld ? null : newStream(), headers ? 1 : 0, 0));
    }

    private StreamId newStream() {
        return new StreamId(random.nextLong());
    }

    History generate() {
        for (int i = random.nextInt(1, 60); i > 0; i--) {
            step();
        }
        for (Publisher each : watchers) {
            publish(each, log.size());
        }
        var cleaner = new LogCleaner(random, manner == Manner.LOSSLESS);
        partitions.replaceAll(cleaner::clean);
        return new History(headers, partitions, truth);
    }

    private void step() {
        int dice = random.nextInt(100);
        if (dice < 40) {
            change();
        } else if (dice < 70) {
            publish(any(watchers), random.nextInt(1, 5));
        } else if (dice < 77) {
            restart();
        } else if (dice < 80) {
            sweep();
        } else if (dice < 83) {
            addWithoutEvent(Kind.TOMBSTONE);
        } else if (dice < 86) {
            addWithoutEvent(Kind.GARBAGE);
        } else if (dice < 91) {
            snapshot();
        } else if (dice < 95) {
            newLife();
        } else if (dice < 97 && !zombies.isEmpty()) {
            publish(any(zombies), random.nextInt(1, 5));
        } else {
            playBack();
        }
    }

    private <T> T any(List<T> some) {
        return some.get(random.nextInt(some.size()));
    }

    /** A change, or several of a transaction, which have one version. */
    private void change() {
        version += 2L * random.nextInt(1, 3); // even, so that no snapshot's is the same
        var together = new ArrayList<Entry>();
        do {
            int key = random.nextInt(KEYS);
            changedAt[key] = version;
            Kind kind =
                    switch (random.nextInt(4)) {
                        case 0 -> Kind.DELETE;
                        case 1 -> Kind.UPDATE;
                        default -> Kind.INSERT;
                    };
            tick++;
            together.add(entry(partitionOf(key), kind, key));
            if (kind == Kind.DELETE) {
                truth.remove(History.key(key));
            } else {
                truth.put(History.key(key), Integer.toString(tick));
            }
        } while (random.nextInt(4) == 0);
        log.add(together);
    }

    private Entry entry(int partition, Kind kind, int key) {
        return new Entry(partition, kind, key, version, position(0, tick), null, tick);
    }

    /** A Watcher's is in every partition, the connector's event in one. */
    private void sweep() {
        version += 4;
        sweptAt = version;
        tick++;
        int only = headers ? -1 : random.nextInt(partitions.size());
        var markers = new ArrayList<Entry>();
        for (int partition = 0; partition < partitions.size(); partition++) {
            if (headers || partition == only) {
                markers.add(entry(partition, Kind.SWEEP, 0));
            }
        }
        log.add(markers);
        truth.clear();
    }

    private void publish(Publisher publisher, int count) {
        for (int i = 0; i < count && publisher.next < log.size(); i++) {
            for (Entry entry : log.get(publisher.next)) {
                add(entry.by(publisher.stream, publisher.generation), false);
            }
            publisher.next++;
        }
    }

    /** At an older position. */
    private void restart() {
        Publisher watcher = any(watchers);
        watcher.next = random.nextInt(watcher.next + 1);
    }

    /** What operators do to Watchers. */
    private void newLife() {
        Publisher watcher = any(watchers);
        if (!headers) {
            return;
        }
        switch (random.nextInt(4)) {
            case 0 -> { // a rewind; the old one does not know of it yet
                zombies.add(new Publisher(watcher.stream, watcher.generation, watcher.next));
                watcher.generation++;
            }
            case 1 -> watcher.generation = Math.max(0, watcher.generation - 1);
            case 2 -> watcher.stream = newStream(); // its checkpoint was moved away
            default -> watchers.add(new Publisher(newStream(), random.nextInt(3), 0));
        }
        watcher.next = random.nextInt(watcher.next + 1);
    }

    private void snapshot() {
        int key = random.nextInt(KEYS);
        if (manner == Manner.LOSSLESS) {
            return;
        }
        tick++;
        if (headers) {
            snapshotRow(key);
        } else if (manner == Manner.STRANGE || changedAt[key] == 0) {
            // The connector copies before it follows the stream; its copies say no time.
            add(new Entry(partitionOf(key), Kind.SNAPSHOT, key, 0, null, null, tick), false);
        }
    }

    /** Its version is not older than the last sweep, as a snapshot after it was read after it. */
    private void snapshotRow(int key) {
        boolean strange = manner == Manner.STRANGE;
        long low = Math.max(sweptAt, version - 2L * random.nextInt(5)) + 1;
        low = strange ? low : Math.max(low, changedAt[key] + 1);
        changedAt[key] = low;
        Position position = random.nextBoolean() ? null : position(1, random.nextInt(tick + 5));
        StreamId stream = any(watchers).stream;
        add(new Entry(partitionOf(key), Kind.SNAPSHOT, key, low, position, stream, tick), false);
    }

    private void addWithoutEvent(Kind kind) {
        int key = random.nextInt(KEYS);
        add(new Entry(partitionOf(key), kind, key, 0, null, null, 0), false);
    }

    /** A dead letter is put back, if no other change of its document has its version. */
    private void playBack() {
        List<Entry> letters =
                partitions.stream()
                        .flatMap(List::stream)
                        .filter(Stored::setAside)
                        .map(Stored::entry)
                        .filter(each -> each.kind() != Kind.GARBAGE && isAlone(each))
                        .toList();
        if (!letters.isEmpty() && headers) {
            add(any(letters), true);
        }
    }

    private boolean isAlone(Entry entry) {
        return log.stream()
                        .flatMap(List::stream)
                        .filter(each -> each.key() == entry.key())
                        .filter(each -> each.version() == entry.version())
                        .count()
                <= 1;
    }

    private void add(Entry entry, boolean playedBack) {
        boolean isEvent = entry.kind() != Kind.TOMBSTONE && entry.kind() != Kind.GARBAGE;
        // PostgreSQL refuses documents, never a marker.
        boolean mayBeRefused =
                manner != Manner.LOSSLESS
                        && !playedBack
                        && entry.kind() != Kind.SWEEP
                        && !(isEvent && accepted.contains(entry.value()));
        boolean setAside = mayBeRefused && random.nextInt(12) == 0;
        if (isEvent && !setAside) {
            accepted.add(entry.value());
        }
        WireFormat format = random.nextBoolean() ? WireFormat.JSON : WireFormat.BSON;
        List<Stored> partition = partitions.get(entry.partition());
        partition.add(new Stored(entry, partition.size(), format, setAside, playedBack));
    }

    private static Position position(long ofGeneration, int at) {
        byte[] token = ByteBuffer.allocate(5).put((byte) 0x82).putInt(at).array();
        return new Position(ofGeneration, ResumeToken.ofBytes(token));
    }

    private int partitionOf(int key) {
        return key % partitions.size();
    }
}
