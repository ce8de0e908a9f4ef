package dev.cdcpipeline.embedded.mongo.cursor;

import de.bwaldvogel.mongo.bson.Document;

import dev.cdcpipeline.embedded.mongo.wire.EncodedDocument;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * What a cursor gives at once.
 *
 * @param postBatchResumeToken a change stream's token after this batch, null for other cursors
 * @param last whether nothing more will come
 */
public record Batch(
        List<EncodedDocument> documents, @Nullable Document postBatchResumeToken, boolean last) {

    /** A reply stays below this size, so that it fits a document. */
    public static final int MAX_BYTES = 16 * 1024 * 1024;
}
