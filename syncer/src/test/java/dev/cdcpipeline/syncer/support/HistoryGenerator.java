package dev.cdcpipeline.syncer.support;

import dev.cdcpipeline.model.wire.StreamId;
import dev.cdcpipeline.model.wire.WireFormat;
import dev.cdcpipeline.syncer.support.History.Entry;
import dev.cdcpipeline.syncer.support.History.Kind;
import dev.cdcpipeline.syncer.support.History.Stored;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/**
 * Lives the life of Watchers by chance, which publish the {@linkplain CollectionLife life of a
 * collection}: in order, with snapshot rows, tombstones, garbage, whole stretches published again
 * after restarts, lost checkpoints and an operator's rewind, generations that fall back, a second
 * Watcher with a stream of its own, leftovers of the generations before, dead letters, and such
 * that are put back. Then the {@link LogCleaner} comes. Or the life of the official MongoDB Kafka
 * connector, which has no headers, no streams and no generations.
 */
final class HistoryGenerator {

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
    private final CollectionLife life;
    private final boolean mayMove;
    private final List<Publisher> watchers = new ArrayList<>();
    private final List<Publisher> zombies = new ArrayList<>();

    /** The events of which a record was applied: none of them is refused later. */
    private final Set<Integer> accepted = new HashSet<>();

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
        this.life = new CollectionLife(random, partitions.size(), headers);
        boolean isOld = !headers || random.nextInt(6) == 0;
        this.mayMove = !isOld || manner != Manner.LOSSLESS;
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
            publish(each, life.log().size());
        }
        var cleaner = new LogCleaner(random, manner == Manner.LOSSLESS);
        partitions.replaceAll(cleaner::clean);
        return new History(headers, partitions, life.truth());
    }

    private void step() {
        int dice = random.nextInt(100);
        if (dice < 36) {
            life.change();
        } else if (dice < 40) {
            move();
        } else if (dice < 70) {
            publish(any(watchers), random.nextInt(1, 5));
        } else if (dice < 77) {
            restart();
        } else if (dice < 80) {
            life.sweep();
        } else if (dice < 83) {
            add(life.nothing(Kind.TOMBSTONE), false);
        } else if (dice < 86) {
            add(life.nothing(Kind.GARBAGE), false);
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

    /** Watchers of before leave in a delete that is none: of theirs nothing tells what is right. */
    private void move() {
        if (mayMove) {
            life.move();
        }
    }

    private void publish(Publisher publisher, int count) {
        for (int i = 0; i < count && publisher.next < life.log().size(); i++) {
            for (Entry entry : life.log().get(publisher.next)) {
                if (!isLeftOut(publisher, entry)) {
                    add(entry.by(publisher.stream, publisher.generation), false);
                }
            }
            publisher.next++;
        }
    }

    /** A Watcher of today looks the document up, and leaves out the delete of what lives on. */
    private boolean isLeftOut(Publisher publisher, Entry entry) {
        return entry.kind() == Kind.MOVED_OUT && publisher.stream != null && life.has(entry.key());
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
            default -> { // that begins now, or at some time before
                int from = random.nextInt(life.log().size() + 1);
                watchers.add(new Publisher(newStream(), random.nextInt(3), from));
            }
        }
        watcher.next = random.nextInt(watcher.next + 1);
    }

    private void snapshot() {
        int document = random.nextInt(DocumentId.COUNT);
        if (manner == Manner.LOSSLESS) {
            return;
        }
        boolean isStrange = manner == Manner.STRANGE;
        if (headers) {
            Entry copy = life.copyWithTime(document, isStrange);
            long generation = copy.position() == null ? 0 : copy.position().generation();
            add(copy.by(any(watchers).stream, generation), false);
        } else if (isStrange || life.isUntouched(document)) {
            // The connector copies before it follows the stream; its copies say no time.
            add(life.copy(document), false);
        }
    }

    /**
     * A dead letter is put back, ours or one of another program that reads the topic, if no other
     * change of its document has its version.
     */
    private void playBack() {
        if (!headers) {
            return;
        }
        boolean isOurs = random.nextBoolean();
        List<Entry> letters =
                records()
                        .filter(each -> isOurs ? each.setAside() : isOrdinary(each.entry()))
                        .map(Stored::entry)
                        .filter(each -> each.kind().isEvent() && life.isAlone(each))
                        .toList();
        if (!letters.isEmpty()) {
            Entry letter = any(letters);
            // Where it is put is up to who puts it back. A copy has no version of its own.
            boolean isMoved = letter.kind() != Kind.SNAPSHOT && random.nextInt(3) == 0;
            int partition = random.nextInt(partitions.size());
            add(isMoved ? letter.in(partition) : letter, true);
        }
    }

    private Stream<Stored> records() {
        return partitions.stream().flatMap(List::stream);
    }

    private static boolean isOrdinary(Entry entry) {
        return switch (entry.kind()) {
            case INSERT, UPDATE, REPLACE, DELETE -> true;
            case MOVED_IN,
                    MOVED_OUT,
                    SNAPSHOT,
                    DROP,
                    RENAMED_OVER,
                    OUT,
                    RENAMED_AWAY,
                    TOMBSTONE,
                    GARBAGE ->
                    false;
        };
    }

    private void add(Entry entry, boolean playedBack) {
        boolean isEvent = entry.kind().isEvent();
        // PostgreSQL refuses documents, never a marker.
        boolean mayBeRefused =
                manner != Manner.LOSSLESS
                        && !playedBack
                        && !entry.kind().isSweep()
                        && !(isEvent && accepted.contains(entry.value()));
        boolean setAside = mayBeRefused && random.nextInt(12) == 0;
        if (isEvent && !setAside) {
            accepted.add(entry.value());
        }
        WireFormat format = random.nextBoolean() ? WireFormat.JSON : WireFormat.BSON;
        List<Stored> partition = partitions.get(entry.partition());
        partition.add(new Stored(entry, partition.size(), format, setAside, playedBack));
    }
}
