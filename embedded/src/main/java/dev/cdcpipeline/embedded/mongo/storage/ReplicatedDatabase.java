package dev.cdcpipeline.embedded.mongo.storage;

import de.bwaldvogel.mongo.MongoCollection;
import de.bwaldvogel.mongo.MongoDatabase;
import de.bwaldvogel.mongo.backend.CollectionOptions;
import de.bwaldvogel.mongo.backend.DatabaseResolver;
import de.bwaldvogel.mongo.backend.QueryResult;
import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.exception.MongoServerError;
import de.bwaldvogel.mongo.wire.message.MongoQuery;

import dev.cdcpipeline.embedded.mongo.oplog.Namespace;
import dev.cdcpipeline.embedded.mongo.oplog.Operation;
import dev.cdcpipeline.embedded.mongo.oplog.OplogWriter;

import io.netty.channel.Channel;

import org.jspecify.annotations.Nullable;

import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import java.util.UUID;

/**
 * A database, in the form in which mongo-java-server's aggregation stages look for collections. Not
 * thread-safe: guarded by the {@link Catalog}'s lock.
 */
public final class ReplicatedDatabase implements MongoDatabase {

    private final String name;
    private final OplogWriter oplog;
    private final TreeMap<String, ReplicatedCollection> collections = new TreeMap<>();

    ReplicatedDatabase(String name, OplogWriter oplog) {
        this.name = name;
        this.oplog = oplog;
    }

    @Override
    public String getDatabaseName() {
        return name;
    }

    @Override
    public boolean isEmpty() {
        return collections.isEmpty();
    }

    public Collection<ReplicatedCollection> collections() {
        return List.copyOf(collections.values());
    }

    public @Nullable ReplicatedCollection collection(String collection) {
        return collections.get(collection);
    }

    /** The collection, created when it is missing, as a first insert does. */
    public ReplicatedCollection collectionForWriting(String collection) {
        ReplicatedCollection existing = collections.get(collection);
        return existing != null ? existing : create(collection, new Document());
    }

    /** Creates a collection that must not exist. */
    public ReplicatedCollection create(String collection, Document options) {
        if (collection.isEmpty() || collection.contains("$")) {
            throw new MongoServerError(
                    73, "InvalidNamespace", "Invalid collection name: " + collection);
        }
        if (collections.containsKey(collection)) {
            throw new MongoServerError(
                    48,
                    "NamespaceExists",
                    "Collection " + name + "." + collection + " already exists.");
        }
        ReplicatedCollection created =
                new ReplicatedCollection(this, collection, UUID.randomUUID(), options, oplog);
        collections.put(collection, created);
        oplog.append(created.namespace(), created.getUuid(), created(options));
        return created;
    }

    /** Adds a copy of a collection for a transaction. */
    void fork(ReplicatedCollection source) {
        ReplicatedCollection copy =
                new ReplicatedCollection(
                        this,
                        source.getCollectionName(),
                        source.getUuid(),
                        source.options(),
                        oplog);
        copy.copyFrom(source);
        collections.put(source.getCollectionName(), copy);
    }

    /** Adds the collection that a transaction has created. */
    ReplicatedCollection commitCreated(ReplicatedCollection forked) {
        ReplicatedCollection created =
                new ReplicatedCollection(
                        this,
                        forked.getCollectionName(),
                        forked.getUuid(),
                        forked.options(),
                        oplog);
        collections.put(forked.getCollectionName(), created);
        return created;
    }

    /** Drops a collection that exists. */
    public void drop(ReplicatedCollection collection) {
        collections.remove(collection.getCollectionName());
        oplog.append(collection.namespace(), collection.getUuid(), new Operation.Drop());
    }

    /**
     * Renames within this database; a collection that has the new name already is dropped by it.
     */
    public void rename(ReplicatedCollection collection, String newName) {
        Namespace from = collection.namespace();
        Namespace to = new Namespace(name, newName);
        collections.remove(collection.getCollectionName());
        collection.renameTo(this, newName);
        collections.put(newName, collection);
        oplog.append(from, collection.getUuid(), new Operation.Rename(to));
    }

    /**
     * Takes over a copy of another database's collection, as a rename between databases does: the
     * documents are copied under a temporary name, of which change streams see the rename only.
     */
    public void adopt(ReplicatedCollection source, String newName) {
        replaceByCopy(source, newName, source.options(), ".renameCollection");
    }

    /** Puts a copy in the collection's place that is capped, as {@code convertToCapped} does. */
    public void convertToCapped(ReplicatedCollection source, Document options) {
        String name = source.getCollectionName();
        replaceByCopy(source, name, options, ".convertToCapped." + name);
    }

    private void replaceByCopy(
            ReplicatedCollection source, String newName, Document options, String staging) {
        ReplicatedCollection copy =
                new ReplicatedCollection(this, newName, UUID.randomUUID(), options, oplog);
        copy.copyFrom(source);
        collections.put(newName, copy);
        Namespace temporary =
                new Namespace(name, "tmp" + ObjectIds.next().getHexData().substring(19) + staging);
        oplog.append(temporary, copy.getUuid(), new Operation.Rename(copy.namespace()));
    }

    /**
     * Puts a copy with another UUID in a collection's place, as {@code movePrimary} does on the new
     * primary shard; of the copying streams see that the collection was created.
     */
    public void copyToNewPrimary(ReplicatedCollection source) {
        ReplicatedCollection copy =
                new ReplicatedCollection(
                        this,
                        source.getCollectionName(),
                        UUID.randomUUID(),
                        source.options(),
                        oplog);
        copy.copyFrom(source);
        collections.put(source.getCollectionName(), copy);
        oplog.append(copy.namespace(), copy.getUuid(), created(source.options()));
    }

    private static Operation created(Document options) {
        Document description = new Document(options);
        description.put(
                "idIndex",
                new Document("v", 2).append("key", new Document("_id", 1)).append("name", "_id_"));
        return new Operation.Expanded("create", description, null);
    }

    @Override
    public @Nullable MongoCollection<?> resolveCollection(
            String collection, boolean throwIfNotFound) {
        ReplicatedCollection found = collections.get(collection);
        if (found == null && throwIfNotFound) {
            throw new MongoServerError(
                    26, "NamespaceNotFound", "ns not found: " + name + "." + collection);
        }
        return found;
    }

    @Override
    public MongoCollection<?> createCollectionOrThrowIfExists(
            String collection, CollectionOptions options) {
        return create(collection, new Document());
    }

    @Override
    public void dropCollection(String collection, de.bwaldvogel.mongo.oplog.Oplog unused) {
        ReplicatedCollection found = collections.get(collection);
        if (found != null) {
            drop(found);
        }
    }

    @Override
    public void moveCollection(
            MongoDatabase source, MongoCollection<?> collection, String newName) {
        rename((ReplicatedCollection) collection, newName);
    }

    @Override
    public void unregisterCollection(String collection) {
        collections.remove(collection);
    }

    @Override
    public void drop(de.bwaldvogel.mongo.oplog.Oplog unused) {
        collections().forEach(this::drop);
    }

    @Override
    public void handleClose(Channel channel) {
        // Nothing is kept by connection.
    }

    @Override
    public Document handleCommand(
            Channel channel,
            String command,
            Document query,
            DatabaseResolver databaseResolver,
            de.bwaldvogel.mongo.oplog.Oplog unused) {
        throw new UnsupportedOperationException("Commands are answered by the command package");
    }

    @Override
    public QueryResult handleQuery(MongoQuery query) {
        throw new UnsupportedOperationException("Queries are answered by the command package");
    }
}
