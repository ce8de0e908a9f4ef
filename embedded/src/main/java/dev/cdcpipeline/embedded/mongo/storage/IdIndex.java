package dev.cdcpipeline.embedded.mongo.storage;

import de.bwaldvogel.mongo.MongoCollection;
import de.bwaldvogel.mongo.backend.Index;
import de.bwaldvogel.mongo.backend.IndexKey;
import de.bwaldvogel.mongo.backend.KeyValue;
import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.exception.DuplicateKeyError;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * The unique index on {@code _id}, in BSON order, so that ranges of a collection can be read in
 * order.
 */
final class IdIndex extends Index<Integer> {

    static final String NAME = "_id_";

    private final NavigableMap<@Nullable Object, Integer> positions =
            new TreeMap<>(BsonOrder.INSTANCE);

    IdIndex() {
        super(NAME, List.of(new IndexKey("_id", true)), false);
    }

    NavigableMap<@Nullable Object, Integer> positions() {
        return positions;
    }

    @Override
    public @Nullable Integer getPosition(Document document) {
        return positions.get(document.get("_id"));
    }

    @Override
    public void checkAdd(Document document, MongoCollection<Integer> collection) {
        if (positions.containsKey(document.get("_id"))) {
            throw new DuplicateKeyError(
                    this, collection, getKeys(), new KeyValue(document.get("_id")));
        }
    }

    @Override
    public void add(Document document, Integer position, MongoCollection<Integer> collection) {
        positions.put(document.get("_id"), position);
    }

    @Override
    public @Nullable Integer remove(Document document) {
        return positions.remove(document.get("_id"));
    }

    @Override
    public boolean canHandle(Document query) {
        return false;
    }

    @Override
    public Iterable<Integer> getPositions(Document query) {
        throw new UnsupportedOperationException("Ranges of _id are read by IdRange");
    }

    @Override
    public long getCount() {
        return positions.size();
    }

    @Override
    public long getDataSize() {
        return getCount();
    }

    @Override
    public void checkUpdate(Document before, Document after, MongoCollection<Integer> collection) {
        // The _id of a document never changes.
    }

    @Override
    public void updateInPlace(
            Document before,
            Document after,
            Integer position,
            MongoCollection<Integer> collection) {
        // The _id of a document never changes.
    }

    @Override
    public void drop() {
        positions.clear();
    }

    @Override
    public boolean isUnique() {
        return true;
    }
}
