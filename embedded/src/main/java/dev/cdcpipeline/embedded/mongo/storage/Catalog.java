package dev.cdcpipeline.embedded.mongo.storage;

import de.bwaldvogel.mongo.bson.Document;

import dev.cdcpipeline.embedded.mongo.oplog.Namespace;
import dev.cdcpipeline.embedded.mongo.oplog.Operation;
import dev.cdcpipeline.embedded.mongo.oplog.OplogWriter;

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

    public <T> T writing(Supplier<T> action) {
        lock.writeLock().lock();
        try {
            return action.get();
        } finally {
            lock.writeLock().unlock();
        }
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
