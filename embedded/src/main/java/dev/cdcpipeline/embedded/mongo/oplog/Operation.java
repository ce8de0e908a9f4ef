package dev.cdcpipeline.embedded.mongo.oplog;

import de.bwaldvogel.mongo.bson.Document;

import org.jspecify.annotations.Nullable;

/**
 * What an oplog entry says was done. Documents in it are never changed afterwards.
 *
 * <p>The key of a document is what events show as {@code documentKey}: the fields of the shard key,
 * then {@code _id}; the one that it had before, where the write changed it.
 */
public sealed interface Operation {

    record Insert(Document key, Document document) implements Operation {}

    /**
     * An update by modifiers or by a pipeline.
     *
     * @param before the document before, where the collection keeps pre- and post-images
     * @param after the document after, where the collection keeps pre- and post-images
     */
    record Update(
            Document key,
            UpdateDescription description,
            @Nullable Document before,
            @Nullable Document after)
            implements Operation {}

    record Replace(Document key, Document document, @Nullable Document before)
            implements Operation {}

    record Delete(Document key, @Nullable Document before) implements Operation {}

    record Drop() implements Operation {}

    record Rename(Namespace to) implements Operation {}

    record DropDatabase() implements Operation {}

    /**
     * Changes to the catalog that change streams show on demand only ({@code showExpandedEvents}).
     *
     * @param type the event's operationType
     * @param description the event's operationDescription
     * @param stateBefore the event's stateBeforeChange, null where there is none
     */
    record Expanded(String type, Document description, @Nullable Document stateBefore)
            implements Operation {}

    /** Moves the clock and nothing else, as a primary does when nobody writes. */
    record Noop() implements Operation {}
}
