package dev.cdcpipeline.embedded.mongo.oplog;

import de.bwaldvogel.mongo.bson.Document;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.UUID;

/** What takes oplog entries: one oplog, or those of a sharded cluster. Thread-safe. */
public interface EntrySink {

    /** Appends what was written. */
    void append(Namespace namespace, @Nullable UUID collection, Operation operation);

    /** Appends the writes of a transaction, which all share one cluster time in each log. */
    void appendTransaction(Document lsid, long number, List<Oplog.Pending> writes);

    /** Whether two documents of a collection, by their keys, are in one log. */
    default boolean together(UUID collection, Document key, Document other) {
        return true;
    }

    /** Appends that a document went from one log to another. */
    default void appendMove(
            Namespace namespace,
            UUID collection,
            Operation.Delete delete,
            Operation.Insert insert) {
        append(namespace, collection, delete);
        append(namespace, collection, insert);
    }
}
