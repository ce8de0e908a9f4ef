package dev.cdcpipeline.embedded.mongo.oplog;

import de.bwaldvogel.mongo.bson.Document;

import org.jspecify.annotations.Nullable;

import java.util.UUID;

/** Takes what is written, in the order in which it is written. */
public interface OplogWriter {

    /**
     * Says which document is about to be written, before anything has changed.
     *
     * @param current the document as the writer knows it, null when it is to be inserted
     * @throws RuntimeException when it must not be written now; nothing has changed then
     */
    void beforeWrite(UUID collection, @Nullable Object id, @Nullable Document current);

    /** Appends what was written. */
    void append(Namespace namespace, @Nullable UUID collection, Operation operation);

    /** Whether two documents of a collection, by their keys, are on one shard. */
    boolean together(UUID collection, Document key, Document other);

    /** Appends that a document went from one shard to another. */
    void appendMove(
            Namespace namespace, UUID collection, Operation.Delete delete, Operation.Insert insert);
}
