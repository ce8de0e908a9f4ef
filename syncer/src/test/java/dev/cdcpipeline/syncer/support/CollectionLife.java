package dev.cdcpipeline.syncer.support;

import dev.cdcpipeline.model.Position;
import dev.cdcpipeline.model.ResumeToken;
import dev.cdcpipeline.syncer.support.History.Entry;
import dev.cdcpipeline.syncer.support.History.Kind;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * What happens to a collection in MongoDB, by chance, and what its change stream says of it:
 * changes of few documents, also in transactions (equal versions) and such that change the type of
 * an {@code _id}; documents that move between shards; drops, and renames and {@code $out} that give
 * it other content.
 */
final class CollectionLife {
    private final RandomGenerator random;
    private final int partitions;
    private final boolean isToldEverywhere;

    /** The change stream, in parts that are published together: transactions, sweeps. */
    private final List<List<Entry>> log = new ArrayList<>();

    private final Map<String, String> truth = new TreeMap<>();
    private final DocumentId[] ids = new DocumentId[DocumentId.COUNT];
    private final long[] changedAt = new long[DocumentId.COUNT];
    private long version = 10;
    private long sweptAt;
    private int tick;

    /**
     * @param partitions of the collection's topic
     * @param isToldEverywhere whether what ends its rows is said in each of them, as a Watcher does
     */
    CollectionLife(RandomGenerator random, int partitions, boolean isToldEverywhere) {
        this.random = random;
        this.partitions = partitions;
        this.isToldEverywhere = isToldEverywhere;
        giveIds();
    }

    private void giveIds() {
        for (int document = 0; document < DocumentId.COUNT; document++) {
            ids[document] = DocumentId.any(document, random);
        }
    }

    /** The change stream so far. */
    List<List<Entry>> log() {
        return log;
    }

    /**
     * The documents that there are, as far as the stream tells: those that a rename brought are not
     * in it before their next change.
     */
    Map<String, String> truth() {
        return truth;
    }

    /** Whether a document is there now. */
    boolean has(int document) {
        return truth.containsKey(DocumentId.rowKey(document));
    }

    /** A change, or several of a transaction, which have one version. */
    void change() {
        version += 2L * random.nextInt(1, 3); // even, so that no snapshot's is the same
        var together = new ArrayList<Entry>();
        do {
            together.add(change(random.nextInt(DocumentId.COUNT)));
        } while (random.nextInt(4) == 0);
        log.add(together);
    }

    private Entry change(int document) {
        return switch (random.nextInt(6)) {
            case 0, 1 -> remove(Kind.DELETE, document);
            case 2 -> put(Kind.UPDATE, document, ids[document]);
            case 3 -> put(Kind.REPLACE, document, ids[document]);
            default -> {
                ids[document] = DocumentId.any(document, random);
                yield put(Kind.INSERT, document, ids[document]);
            }
        };
    }

    private Entry put(Kind kind, int document, DocumentId before) {
        if (kind == Kind.REPLACE) {
            ids[document] = DocumentId.any(document, random);
        }
        Entry entry = entry(partitionOf(document), kind, before);
        truth.put(DocumentId.rowKey(document), Integer.toString(tick));
        return entry;
    }

    private Entry remove(Kind kind, int document) {
        truth.remove(DocumentId.rowKey(document));
        return entry(partitionOf(document), kind, ids[document]);
    }

    private Entry entry(int partition, Kind kind, DocumentId before) {
        tick++;
        if (!kind.isSweep()) {
            changedAt[before.document()] = version;
        }
        DocumentId after = ids[before.document()];
        return new Entry(partition, kind, before, after, version, position(0, tick), null, tick);
    }

    /**
     * A document moves to another shard: a delete there, an insert here, each with its own shard's
     * time, in whatever order; it lives on in any case.
     */
    void move() {
        int document = random.nextInt(DocumentId.COUNT);
        if (!has(document)) {
            return;
        }
        version += 2;
        boolean isInverted = random.nextInt(3) > 0;
        log.add(List.of(half(isInverted, document)));
        version += 2L * random.nextInt(2); // also at the very same time
        log.add(List.of(half(!isInverted, document)));
        truth.put(DocumentId.rowKey(document), Integer.toString(isInverted ? tick - 1 : tick));
    }

    private Entry half(boolean in, int document) {
        return in ? put(Kind.MOVED_IN, document, ids[document]) : remove(Kind.MOVED_OUT, document);
    }

    /** A Watcher's is in every partition, the connector's event in one. */
    void sweep() {
        version += 4;
        sweptAt = version;
        Kind kind =
                switch (random.nextInt(5)) {
                    case 0, 1 -> Kind.RENAMED_OVER;
                    case 2 -> Kind.OUT;
                    case 3 -> Kind.RENAMED_AWAY;
                    default -> Kind.DROP;
                };
        Entry marker = entry(random.nextInt(partitions), kind, ids[0]);
        var markers = new ArrayList<Entry>();
        for (int partition = 0; partition < partitions; partition++) {
            if (isToldEverywhere || partition == marker.partition()) {
                markers.add(marker.in(partition));
            }
        }
        log.add(markers);
        truth.clear();
        giveIds();
    }

    /** A copy that a snapshot makes without a time. */
    Entry copy(int document) {
        tick++;
        DocumentId id = ids[document];
        return new Entry(partitionOf(document), Kind.SNAPSHOT, id, id, 0, null, null, tick);
    }

    /**
     * A copy that a snapshot makes. Its version is not older than the last sweep, as a snapshot
     * after it was read after it.
     *
     * @param mayBeOld whether it may be older than the document's last change
     */
    Entry copyWithTime(int document, boolean mayBeOld) {
        tick++;
        long low = Math.max(sweptAt, version - 2L * random.nextInt(5)) + 1;
        low = mayBeOld ? low : Math.max(low, changedAt[document] + 1);
        changedAt[document] = low;
        Position position = random.nextBoolean() ? null : position(1, random.nextInt(tick + 5));
        DocumentId id = ids[document];
        return new Entry(partitionOf(document), Kind.SNAPSHOT, id, id, low, position, null, tick);
    }

    /** Whether the document has never been changed. */
    boolean isUntouched(int document) {
        return changedAt[document] == 0;
    }

    /** A record that says nothing of a row. */
    Entry nothing(Kind kind) {
        DocumentId id = ids[random.nextInt(DocumentId.COUNT)];
        return new Entry(partitionOf(id.document()), kind, id, id, 0, null, null, 0);
    }

    /** Whether no other change of the document has the version of this one. */
    boolean isAlone(Entry entry) {
        return log.stream()
                        .flatMap(List::stream)
                        .filter(each -> each.key() == entry.key())
                        .filter(each -> each.version() == entry.version())
                        .count()
                <= 1;
    }

    private int partitionOf(int document) {
        return document % partitions;
    }

    private static Position position(long ofGeneration, int at) {
        byte[] token = ByteBuffer.allocate(5).put((byte) 0x82).putInt(at).array();
        return new Position(ofGeneration, ResumeToken.ofBytes(token));
    }
}
