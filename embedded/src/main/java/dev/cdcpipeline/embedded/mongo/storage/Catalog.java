package dev.cdcpipeline.embedded.mongo.storage;

import de.bwaldvogel.mongo.bson.Document;

import dev.cdcpipeline.embedded.mongo.oplog.Namespace;
import dev.cdcpipeline.embedded.mongo.oplog.Operation;
import dev.cdcpipeline.embedded.mongo.oplog.OplogWriter;
import dev.cdcpipeline.embedded.mongo.wire.CommandError;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;

/**
 * All databases, under one lock: a write and its oplog entry are one step for everybody else, and
 * all writes have one order. Thread-safe through {@link #reading} and {@link #writing}; everything
 * else must run inside one of them.
 */
public final class Catalog {

    private static final long MAX_TRANSACTION_SECONDS = 60;

    private final OplogWriter oplog;
    private final TreeMap<String, ReplicatedDatabase> databases = new TreeMap<>();
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();

    public Catalog(OplogWriter oplog) {
        this.oplog = oplog;
    }

    public <T> T reading(Supplier<T> action) {
        lock.readLock().lock();
        try {
            return action.get();
        } finally {
            lock.readLock().unlock();
        }
    }

    /**
     * Runs a write alone, again when it met a document that an open transaction has written and
     * that transaction has ended. So a write must do one statement only, and check all its
     * documents first.
     */
    public <T> T writing(Supplier<T> action) {
        while (true) {
            try {
                return locked(action);
            } catch (ClaimedOplog.Claimed claimed) {
                if (!claimed.claimant().awaitEnd(MAX_TRANSACTION_SECONDS)) {
                    throw new CommandError(
                            112, "WriteConflict", "An open transaction has written the document");
                }
            }
        }
    }

    private <T> T locked(Supplier<T> action) {
        lock.writeLock().lock();
        try {
            return action.get();
        } finally {
            lock.writeLock().unlock();
        }
    }

    /**
     * A copy of everything as it is now, whose writes go to another writer. Documents are shared,
     * not copied.
     */
    public Catalog fork(OplogWriter writer) {
        return reading(
                () -> {
                    Catalog fork = new Catalog(writer);
                    for (ReplicatedDatabase database : existingDatabases()) {
                        ReplicatedDatabase copy = fork.database(database.getDatabaseName());
                        database.collections().forEach(copy::fork);
                    }
                    return fork;
                });
    }

    /**
     * Takes over what a transaction made of a document; a missing collection is created as the
     * transaction's.
     */
    public void commit(ReplicatedCollection forked, @Nullable Object id) {
        ReplicatedDatabase database = database(forked.getDatabaseName());
        ReplicatedCollection collection = database.collection(forked.getCollectionName());
        if (collection == null) {
            collection = database.commitCreated(forked);
        }
        collection.commit(id, forked.findById(id));
    }

    /** The database; one that nothing was written to is empty and does not show. */
    public ReplicatedDatabase database(String name) {
        synchronized (databases) {
            return databases.computeIfAbsent(
                    name, missing -> new ReplicatedDatabase(missing, oplog));
        }
    }

    public @Nullable ReplicatedCollection collection(Namespace namespace) {
        return database(namespace.database()).collection(namespace.collection());
    }

    /** The collection with this UUID, whatever its name is now. */
    public @Nullable ReplicatedCollection collection(UUID uuid) {
        for (ReplicatedDatabase database : existingDatabases()) {
            for (ReplicatedCollection collection : database.collections()) {
                if (collection.getUuid().equals(uuid)) {
                    return collection;
                }
            }
        }
        return null;
    }

    /** The databases that have collections, by name. */
    public Collection<ReplicatedDatabase> existingDatabases() {
        synchronized (databases) {
            List<ReplicatedDatabase> existing = new ArrayList<>(databases.values());
            existing.removeIf(ReplicatedDatabase::isEmpty);
            return existing;
        }
    }

    /** Drops a database's collections, then the database. */
    public void dropDatabase(String name) {
        ReplicatedDatabase database = database(name);
        if (database.isEmpty()) {
            return;
        }
        List<ReplicatedCollection> collections = new ArrayList<>(database.collections());
        collections.reversed().forEach(database::drop);
        oplog.append(new Namespace(name, ""), null, new Operation.DropDatabase());
    }

    /** The document as it is now, null when it or its collection is gone. */
    public @Nullable Document lookUp(
            Namespace namespace, @Nullable UUID collection, @Nullable Object id) {
        lock.readLock().lock();
        try {
            ReplicatedCollection current = collection(namespace);
            return current != null && current.getUuid().equals(collection)
                    ? current.findById(id)
                    : null;
        } finally {
            lock.readLock().unlock();
        }
    }
}
