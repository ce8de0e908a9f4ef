package dev.cdcpipeline.embedded.mongo.sharding;

import de.bwaldvogel.mongo.bson.BsonTimestamp;
import de.bwaldvogel.mongo.bson.Document;

import dev.cdcpipeline.embedded.mongo.oplog.EntrySink;
import dev.cdcpipeline.embedded.mongo.oplog.Growth;
import dev.cdcpipeline.embedded.mongo.oplog.Namespace;
import dev.cdcpipeline.embedded.mongo.oplog.Operation;
import dev.cdcpipeline.embedded.mongo.oplog.Oplog;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/**
 * The shards of a cluster, each with an oplog of its own; a replica set is one shard alone. Each
 * entry goes to the shard whose data it is about. Thread-safe: under the lock that all the oplogs
 * share.
 */
public final class Shards implements EntrySink {

    /**
     * How the cluster is set up.
     *
     * @param noopInterval after which an idle shard writes a no-op
     * @param dropsEverywhere whether every shard of a collection tells of its drop, as before 6.0
     */
    public record Settings(
            InstantSource clock,
            int maxOplogEntries,
            BsonTimestamp lost,
            Duration noopInterval,
            boolean dropsEverywhere) {}

    private final Settings settings;
    private final boolean cluster;
    private final Growth growth = new Growth();
    private final List<Shard> shards = new CopyOnWriteArrayList<>();
    private final Map<String, Shard> primaries = new LinkedHashMap<>();
    private final Map<UUID, Chunks> sharded = new LinkedHashMap<>();
    private final Moves moves = new Moves();
    private final List<Document> changeLog = new CopyOnWriteArrayList<>();

    private Shards(Settings settings, boolean cluster) {
        this.settings = settings;
        this.cluster = cluster;
    }

    /** The one of a replica set. */
    public static Shards single(Settings settings) {
        Shards shards = new Shards(settings, false);
        shards.add();
        return shards;
    }

    /** Those behind a router. */
    public static Shards cluster(Settings settings, int count) {
        Shards shards = new Shards(settings, true);
        for (int i = 0; i < count; i++) {
            shards.add();
        }
        return shards;
    }

    /** Adds an empty shard. */
    public Shard add() {
        return locked(
                () -> {
                    BsonTimestamp added = shards.isEmpty() ? settings.lost() : lastTime();
                    Oplog oplog =
                            new Oplog(
                                    settings.clock(),
                                    settings.maxOplogEntries(),
                                    settings.lost(),
                                    growth);
                    Shard shard = new Shard("shard" + shards.size(), oplog, added);
                    oplog.advanceTo(added);
                    shards.add(shard);
                    oplog.wakeReaders();
                    note("addShard", "", shard);
                    return shard;
                });
    }

    /** What the cluster writes down of what it does with shards, as in {@code config.changelog}. */
    public List<Document> changeLog() {
        return List.copyOf(changeLog);
    }

    /** Writes down that a shard has done something. */
    public void note(String what, String namespace, Shard shard) {
        changeLog.add(
                new Document("_id", shard.name() + "-" + changeLog.size())
                        .append("shard", shard.name())
                        .append("time", settings.clock().instant())
                        .append("what", what)
                        .append("ns", namespace)
                        .append("details", new Document()));
    }

    private <T> T locked(Supplier<T> action) {
        growth.lock().lock();
        try {
            return action.get();
        } finally {
            growth.lock().unlock();
        }
    }

    /** Whether clients see a router. */
    public boolean isCluster() {
        return cluster;
    }

    public List<Shard> all() {
        return List.copyOf(shards);
    }

    public Shard first() {
        return shards.getFirst();
    }

    public Growth growth() {
        return growth;
    }

    /** The latest time of them all. */
    public BsonTimestamp lastTime() {
        return locked(
                () -> {
                    BsonTimestamp last = first().oplog().lastTime();
                    for (Shard shard : shards) {
                        BsonTimestamp time = shard.oplog().lastTime();
                        last = time.compareTo(last) > 0 ? time : last;
                    }
                    return last;
                });
    }

    /** Tells every shard of a cluster time that a client has seen. */
    public void advanceTo(BsonTimestamp seen) {
        shards.forEach(shard -> shard.oplog().advanceTo(seen));
    }

    /** Has idle shards write the no-op that is due. */
    public void noopsOfIdle() {
        for (Shard shard : shards) {
            if (!shard.isQuiet()) {
                shard.oplog().appendNoopAfter(settings.noopInterval());
            }
        }
    }

    /**
     * Has every shard write a no-op, as a linearizable read or the commit of a transaction without
     * writes does.
     */
    public void noops() {
        shards.forEach(shard -> shard.oplog().appendNoopAfter(Duration.ZERO));
    }

    /** Has shards that are behind a time write a no-op, as when asked to read after it. */
    public void reach(BsonTimestamp time) {
        shards.forEach(shard -> shard.oplog().appendNoopUpTo(time));
    }

    /** The shard that has a database's unsharded collections. */
    public Shard primary(String database) {
        return locked(() -> primaries.getOrDefault(database, first()));
    }

    public void primary(String database, Shard shard) {
        locked(() -> primaries.put(database, shard));
    }

    /** Shards a collection; all its documents stay on the primary shard at first. */
    public void shard(Namespace namespace, UUID collection, List<String> fields) {
        locked(() -> sharded.put(collection, new Chunks(fields, primary(namespace.database()))));
    }

    public boolean isSharded(UUID collection) {
        return locked(() -> sharded.containsKey(collection));
    }

    public void split(UUID collection, Document at) {
        locked(
                () -> {
                    chunks(collection).split(at);
                    return true;
                });
    }

    /** Moves the chunk that a key is in; streams see nothing of it but the time that passes. */
    public void moveChunk(UUID collection, Document key, Shard to) {
        locked(
                () -> {
                    Shard from = chunks(collection).shardOf(key);
                    chunks(collection).move(key, to);
                    Namespace none = new Namespace("", "");
                    from.oplog().append(none, null, new Operation.Noop());
                    to.oplog().append(none, null, new Operation.Noop());
                    return true;
                });
    }

    public List<Document> describeChunks(UUID collection) {
        return locked(() -> chunks(collection).describe());
    }

    private Chunks chunks(UUID collection) {
        Chunks chunks = sharded.get(collection);
        if (chunks == null) {
            throw new NoSuchElementException("The collection is not sharded");
        }
        return chunks;
    }

    /** The shards that a query must ask. */
    public List<Shard> asked(Namespace namespace, @Nullable UUID collection, Document filter) {
        return locked(
                () -> {
                    Chunks chunks = collection == null ? null : sharded.get(collection);
                    if (chunks == null) {
                        return List.of(primary(namespace.database()));
                    }
                    return chunks.isPinnedBy(filter)
                            ? List.of(chunks.shardOf(filter))
                            : List.copyOf(chunks.shards());
                });
    }

    /** In which order moves of documents are shown from now on; returns how it was. */
    public MoveOrder moveOrder(MoveOrder order) {
        return locked(() -> moves.order(order));
    }

    @Override
    public void append(Namespace namespace, @Nullable UUID collection, Operation operation) {
        locked(
                () -> {
                    noteDrop(namespace, collection, operation);
                    for (Shard shard : shardsOf(namespace, collection, operation)) {
                        shard.oplog().append(namespace, collection, operation);
                    }
                    if (operation instanceof Operation.Drop && collection != null) {
                        sharded.remove(collection);
                    }
                    return true;
                });
    }

    /** Old routers had only sharded collections dropped under the eyes of the config server. */
    private void noteDrop(Namespace namespace, @Nullable UUID collection, Operation operation) {
        boolean noted =
                cluster
                        && operation instanceof Operation.Drop
                        && collection != null
                        && (sharded.containsKey(collection) || !settings.dropsEverywhere());
        if (noted) {
            note("dropCollection.start", namespace.toString(), primary(namespace.database()));
        }
    }

    /** Appends the drop of the copy that a database's former primary shard still had. */
    public void cleanUp(Shard former, Namespace namespace, UUID collection) {
        former.oplog().append(namespace, collection, new Operation.Drop());
    }

    private List<Shard> shardsOf(
            Namespace namespace, @Nullable UUID collection, Operation operation) {
        Shard primary = primary(namespace.database());
        Chunks chunks = collection == null ? null : sharded.get(collection);
        return switch (operation) {
            case Operation.Insert insert -> List.of(owner(chunks, insert.key(), primary));
            case Operation.Update update -> List.of(owner(chunks, update.key(), primary));
            case Operation.Replace replace -> List.of(owner(chunks, replace.key(), primary));
            case Operation.Delete delete -> List.of(owner(chunks, delete.key(), primary));
            case Operation.Drop _ ->
                    chunks != null && settings.dropsEverywhere()
                            ? List.copyOf(chunks.shards())
                            : List.of(primary);
            case Operation.DropDatabase _ -> settings.dropsEverywhere() ? all() : List.of(primary);
            case Operation.Rename _, Operation.Expanded _, Operation.Noop _ -> List.of(primary);
        };
    }

    private static Shard owner(@Nullable Chunks chunks, Document key, Shard primary) {
        return chunks == null ? primary : chunks.shardOf(key);
    }

    /** Each shard gets its own part of a transaction, with a time and indexes of its own. */
    @Override
    public void appendTransaction(Document lsid, long number, List<Oplog.Pending> writes) {
        locked(
                () -> {
                    Map<Shard, List<Oplog.Pending>> parts = new LinkedHashMap<>();
                    for (Oplog.Pending write : writes) {
                        for (Shard shard :
                                shardsOf(
                                        write.namespace(), write.collection(), write.operation())) {
                            parts.computeIfAbsent(shard, _ -> new ArrayList<>()).add(write);
                        }
                    }
                    parts.forEach(
                            (shard, part) -> shard.oplog().appendTransaction(lsid, number, part));
                    return true;
                });
    }

    @Override
    public boolean together(UUID collection, Document key, Document other) {
        return locked(
                () -> {
                    Chunks chunks = sharded.get(collection);
                    return chunks == null || chunks.shardOf(key).equals(chunks.shardOf(other));
                });
    }

    @Override
    public void appendMove(
            Namespace namespace,
            UUID collection,
            Operation.Delete delete,
            Operation.Insert insert) {
        locked(
                () -> {
                    Chunks chunks = chunks(collection);
                    moves.append(
                            settings.clock().instant(),
                            new Moves.Half(
                                    chunks.shardOf(delete.key()).oplog(),
                                    new Oplog.Pending(namespace, collection, delete)),
                            new Moves.Half(
                                    chunks.shardOf(insert.key()).oplog(),
                                    new Oplog.Pending(namespace, collection, insert)));
                    return true;
                });
    }
}
