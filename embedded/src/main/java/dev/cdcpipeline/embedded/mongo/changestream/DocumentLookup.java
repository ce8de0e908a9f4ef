package dev.cdcpipeline.embedded.mongo.changestream;

import de.bwaldvogel.mongo.bson.Document;

import dev.cdcpipeline.embedded.mongo.oplog.Namespace;

import org.jspecify.annotations.Nullable;

import java.util.UUID;

/** Finds a document as it is now, for {@code fullDocument: updateLookup}. */
@FunctionalInterface
public interface DocumentLookup {

    @Nullable Document find(Namespace namespace, @Nullable UUID collection, @Nullable Object id);
}
