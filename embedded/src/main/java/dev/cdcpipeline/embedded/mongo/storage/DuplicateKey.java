package dev.cdcpipeline.embedded.mongo.storage;

import de.bwaldvogel.mongo.backend.Index;
import de.bwaldvogel.mongo.backend.IndexKey;
import de.bwaldvogel.mongo.backend.Utils;
import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.exception.DuplicateKeyError;
import de.bwaldvogel.mongo.exception.MongoServerError;

/** A write that a unique index refuses (code 11000), with the index's key and the refused value. */
public final class DuplicateKey extends MongoServerError {

    private static final long serialVersionUID = 1L;

    private final transient Document keyPattern;
    private final transient Document keyValue;

    private DuplicateKey(DuplicateKeyError error, Document keyPattern, Document keyValue) {
        super(error.getCode(), "DuplicateKey", error.getMessageWithoutErrorCode(), error);
        this.keyPattern = keyPattern;
        this.keyValue = keyValue;
    }

    static DuplicateKey of(DuplicateKeyError error, Index<Integer> index, Document refused) {
        Document pattern = new Document();
        Document value = new Document();
        for (IndexKey key : index.getKeys()) {
            pattern.put(key.getKey(), key.isAscending() ? 1 : -1);
            value.put(key.getKey(), Utils.getSubdocumentValue(refused, key.getKey()));
        }
        return new DuplicateKey(error, pattern, value);
    }

    public Document keyPattern() {
        return keyPattern;
    }

    public Document keyValue() {
        return keyValue;
    }
}
