package dev.cdcpipeline.embedded.mongo.storage;

import de.bwaldvogel.mongo.backend.Index;
import de.bwaldvogel.mongo.backend.IndexKey;
import de.bwaldvogel.mongo.backend.memory.index.MemoryUniqueIndex;
import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.exception.DuplicateKeyError;

import dev.cdcpipeline.embedded.mongo.wire.Fields;

import java.util.ArrayList;
import java.util.List;

/** The indexes that refuse writes. */
final class UniqueIndexes {

    private UniqueIndexes() {}

    /** Makes a unique index as {@code createIndexes} describes it. */
    static Index<Integer> of(Document description) {
        List<IndexKey> keys = new ArrayList<>();
        Fields.document(description, "key")
                .forEach(
                        (field, direction) ->
                                keys.add(
                                        new IndexKey(
                                                field,
                                                !(direction instanceof Number number)
                                                        || number.intValue() >= 0)));
        boolean sparse = Boolean.TRUE.equals(description.get("sparse"));
        return new MemoryUniqueIndex(Fields.text(description, "name"), keys, sparse);
    }

    /**
     * Checks a document that is to be inserted; changes nothing.
     *
     * @throws DuplicateKey when an index has its key already
     */
    static void checkAdd(ReplicatedCollection collection, Document document) {
        for (Index<Integer> index : collection.getIndexes()) {
            try {
                index.checkAdd(document, collection);
            } catch (DuplicateKeyError e) {
                throw DuplicateKey.of(e, index, document);
            }
        }
    }

    /**
     * Checks a document's new state; changes nothing.
     *
     * @throws DuplicateKey when an index has its new key already
     */
    static void checkUpdate(ReplicatedCollection collection, Document before, Document after) {
        for (Index<Integer> index : collection.getIndexes()) {
            try {
                index.checkUpdate(before, after, collection);
            } catch (DuplicateKeyError e) {
                throw DuplicateKey.of(e, index, after);
            }
        }
    }
}
