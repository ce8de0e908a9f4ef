package dev.cdcpipeline.embedded.mongo.storage;

import de.bwaldvogel.mongo.backend.AbstractMongoCollection;
import de.bwaldvogel.mongo.backend.ArrayFilters;
import de.bwaldvogel.mongo.backend.CollectionOptions;
import de.bwaldvogel.mongo.backend.CursorRegistry;
import de.bwaldvogel.mongo.backend.DefaultQueryMatcher;
import de.bwaldvogel.mongo.backend.DocumentComparator;
import de.bwaldvogel.mongo.backend.DocumentWithPosition;
import de.bwaldvogel.mongo.backend.Index;
import de.bwaldvogel.mongo.backend.Missing;
import de.bwaldvogel.mongo.backend.QueryResult;
import de.bwaldvogel.mongo.backend.Utils;
import de.bwaldvogel.mongo.bson.Document;

import dev.cdcpipeline.embedded.mongo.oplog.Namespace;
import dev.cdcpipeline.embedded.mongo.oplog.Operation;
import dev.cdcpipeline.embedded.mongo.oplog.OplogWriter;
import dev.cdcpipeline.embedded.mongo.oplog.UpdateDescription;
import dev.cdcpipeline.embedded.mongo.wire.BsonSize;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * A collection whose every write goes to the oplog with it. Stored documents are never changed in
 * place: an update stores a new document, so that readers, the oplog and change streams may share
 * them.
 *
 * <p>Queries and projections are mongo-java-server's. Not thread-safe: guarded by the {@link
 * Catalog}'s lock.
 */
public final class ReplicatedCollection extends AbstractMongoCollection<Integer> {

    /** A stored document and where it stands in natural order. */
    public record Found(int position, Document document) {}

    private final UUID uuid;
    private final OplogWriter oplog;
    private final Records records = new Records();
    private final List<Document> indexDescriptions = new ArrayList<>();
    private Document creationOptions;
    private List<String> shardKey = List.of();

    ReplicatedCollection(
            ReplicatedDatabase database,
            String name,
            UUID uuid,
            Document options,
            OplogWriter oplog) {
        super(database, name, CollectionOptions.withDefaults(), new CursorRegistry());
        this.uuid = uuid;
        this.oplog = oplog;
        this.creationOptions = options;
        addIndex(records.idIndex());
        indexDescriptions.add(
                new Document("v", 2)
                        .append("key", new Document("_id", 1))
                        .append("name", IdIndex.NAME));
    }

    @Override
    public UUID getUuid() {
        return uuid;
    }

    /** The options it was created with, and changed by {@code collMod} since. */
    public Document options() {
        return creationOptions;
    }

    /** Whether it is a view, of which little more is here than its name. */
    public boolean isView() {
        return creationOptions.containsKey("viewOn");
    }

    public void changeOptions(Document changed) {
        this.creationOptions = changed;
    }

    /** The fields of the shard key, in its order; none when it is not sharded. */
    public List<String> shardKey() {
        return shardKey;
    }

    public void shardBy(List<String> fields) {
        this.shardKey = fields;
    }

    /** A document's key as events show it: the fields of the shard key, then {@code _id}. */
    public Document documentKey(Document document) {
        Document key = new Document();
        for (String field : shardKey) {
            Object value = Utils.getSubdocumentValue(document, field);
            if (!(value instanceof Missing)) {
                key.put(field, value);
            }
        }
        key.put("_id", document.get("_id"));
        return key;
    }

    public Namespace namespace() {
        return new Namespace(getDatabaseName(), getCollectionName());
    }

    private boolean keepsImages() {
        return creationOptions.get("changeStreamPreAndPostImages") instanceof Document images
                && Boolean.TRUE.equals(images.get("enabled"));
    }

    /**
     * Stores a document, with {@code _id} as its first field.
     *
     * @return what was stored
     * @throws DuplicateKey when a unique index has its key already
     */
    public Document insert(Document document) {
        Document stored = withIdFirst(document);
        UniqueIndexes.checkAdd(this, stored);
        oplog.beforeWrite(uuid, stored.get("_id"), null);
        store(stored);
        append(new Operation.Insert(documentKey(stored), stored));
        return stored;
    }

    /** Takes over another collection's documents and indexes, without a word to the oplog. */
    void copyFrom(ReplicatedCollection source) {
        records.copyFrom(source.records);
        shardKey = source.shardKey;
        source.indexDescriptions().stream().skip(1).forEach(this::createIndex);
    }

    private void store(Document document) {
        int position = records.add(document);
        for (Index<Integer> index : getIndexes()) {
            index.add(document, position, this);
        }
    }

    private static Document withIdFirst(Document document) {
        Document stored = new Document("_id", document.get("_id"));
        stored.putAll(document);
        if (!document.containsKey("_id")) {
            stored.put("_id", ObjectIds.next());
        }
        return stored;
    }

    /** Checks that all of them may be written now, before the first one is. */
    public void checkWritable(List<Found> documents) {
        for (Found found : documents) {
            oplog.beforeWrite(uuid, found.document().get("_id"), found.document());
        }
    }

    /**
     * Takes over the state that a committed transaction left a document in; null when it deleted
     * it.
     */
    void commit(@Nullable Object id, @Nullable Document after) {
        Found current = records.byId(id);
        if (current != null && after != null) {
            store(current, after);
        } else if (current != null) {
            remove(current);
        } else if (after != null) {
            store(after);
        }
    }

    /** Stores the document's new state after an update, which is described for change streams. */
    public void update(Found found, Document after, UpdateDescription description) {
        boolean images = keepsImages();
        store(found, after);
        if (!moved(found, after)) {
            append(
                    new Operation.Update(
                            documentKey(found.document()),
                            description,
                            images ? found.document() : null,
                            images ? after : null));
        }
    }

    /** Stores the document that replaces another. */
    public void replace(Found found, Document after) {
        store(found, after);
        if (!moved(found, after)) {
            append(
                    new Operation.Replace(
                            documentKey(found.document()), after, beforeChange(found)));
        }
    }

    private @Nullable Document beforeChange(Found found) {
        return keepsImages() ? found.document() : null;
    }

    /**
     * A document that belongs to another shard now is deleted on the one, inserted on the other.
     */
    private boolean moved(Found found, Document after) {
        Document key = documentKey(found.document());
        Document keyAfter = documentKey(after);
        if (oplog.together(uuid, key, keyAfter)) {
            return false;
        }
        oplog.appendMove(
                namespace(),
                uuid,
                new Operation.Delete(key, beforeChange(found)),
                new Operation.Insert(keyAfter, after));
        return true;
    }

    private void store(Found found, Document after) {
        Document before = found.document();
        UniqueIndexes.checkUpdate(this, before, after);
        for (Index<Integer> index : getIndexes()) {
            index.updateInPlace(before, after, found.position(), this);
        }
        records.replace(found.position(), after);
    }

    public void delete(Found found) {
        remove(found);
        append(new Operation.Delete(documentKey(found.document()), beforeChange(found)));
    }

    private void remove(Found found) {
        for (Index<Integer> index : getIndexes()) {
            index.remove(found.document());
        }
        records.remove(found.position());
    }

    /** Appends to the oplog what was done to this collection. */
    public void append(Operation operation) {
        oplog.append(namespace(), uuid, operation);
    }

    /** The document with this {@code _id}, if there is one. */
    public @Nullable Document findById(@Nullable Object id) {
        Found found = records.byId(id);
        return found == null ? null : found.document();
    }

    /**
     * The documents that match, for writing.
     *
     * @param sort an order, or null for the natural one
     * @param limit how many at most, 0 for all
     */
    public List<Found> find(Document filter, @Nullable Document sort, int limit) {
        IdRange range = records.range(filter);
        DefaultQueryMatcher matcher = new DefaultQueryMatcher();
        Stream<Found> matching =
                records.in(range, sort)
                        .filter(found -> matcher.matches(found.document(), range.rest()));
        DocumentComparator order = Records.sortsById(sort) ? null : deriveComparator(sort);
        if (order != null) {
            matching = matching.sorted((a, b) -> order.compare(a.document(), b.document()));
        }
        return (limit > 0 ? matching.limit(limit) : matching).toList();
    }

    /** The documents whose {@code _id} is in {@code [min, max)}, whatever their types, in order. */
    public List<Document> between(@Nullable Document min, @Nullable Document max) {
        return records.between(min, max);
    }

    @Override
    protected QueryResult queryDocuments(
            Document query,
            @Nullable Document orderBy,
            int numberToSkip,
            int limit,
            int batchSize,
            @Nullable Document fieldSelector) {
        IdRange range = records.range(query);
        return matchDocumentsFromStream(
                records.in(range, orderBy).map(Found::document),
                range.rest(),
                Records.sortsById(orderBy) ? null : orderBy,
                numberToSkip,
                limit,
                batchSize,
                fieldSelector);
    }

    @Override
    protected QueryResult matchDocuments(
            Document query,
            Document orderBy,
            int numberToSkip,
            int numberToReturn,
            int batchSize,
            Document fieldSelector) {
        return queryDocuments(
                query, orderBy, numberToSkip, numberToReturn, batchSize, fieldSelector);
    }

    /** Adds an index; only unique ones are more than a description. */
    public void createIndex(Document description) {
        Document described = new Document("v", 2);
        described.putAll(description);
        described.remove("ns");
        if (Boolean.TRUE.equals(description.get("unique"))) {
            addIndex(UniqueIndexes.of(description));
        }
        indexDescriptions.add(described);
    }

    /** Drops an index by name. */
    public void dropIndexNamed(String name) {
        indexDescriptions.removeIf(description -> name.equals(description.get("name")));
        getIndexes().removeIf(index -> index.getName().equals(name));
    }

    public List<Document> indexDescriptions() {
        return List.copyOf(indexDescriptions);
    }

    @Override
    public void addDocument(Document document) {
        insert(document);
    }

    @Override
    public void removeDocument(Document document) {
        Found found = records.byId(document.get("_id"));
        if (found != null) {
            delete(found);
        }
    }

    @Override
    public Document updateDocuments(
            Document selector,
            Document update,
            ArrayFilters arrayFilters,
            boolean isMulti,
            boolean isUpsert,
            de.bwaldvogel.mongo.oplog.Oplog unused) {
        throw new UnsupportedOperationException("Updates go through the update command");
    }

    @Override
    protected Document getDocument(Integer position) {
        return records.at(position);
    }

    @Override
    protected Stream<DocumentWithPosition<Integer>> streamAllDocumentsWithPosition() {
        return records.entries()
                .map(entry -> new DocumentWithPosition<>(entry.getValue(), entry.getKey()));
    }

    @Override
    public int count() {
        return records.size();
    }

    @Override
    protected int getDataSize() {
        long size = 0;
        for (Document document : records.documents()) {
            size += BsonSize.of(document);
        }
        return (int) Math.min(size, Integer.MAX_VALUE);
    }

    @Override
    protected boolean tracksDataSize() {
        return false;
    }

    @Override
    protected void updateDataSize(int sizeDelta) {
        // Sizes are computed when asked for.
    }

    @Override
    protected Integer addDocumentInternal(Document document) {
        throw new UnsupportedOperationException("Documents are stored by insert");
    }

    @Override
    protected void handleUpdate(Integer position, Document before, Document after) {
        throw new UnsupportedOperationException("Documents are never changed in place");
    }

    @Override
    protected void removeDocument(Integer position) {
        throw new UnsupportedOperationException("Documents are removed by delete");
    }
}
