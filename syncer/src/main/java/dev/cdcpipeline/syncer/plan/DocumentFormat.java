package dev.cdcpipeline.syncer.plan;

import dev.cdcpipeline.model.MalformedMessageException;
import dev.cdcpipeline.model.wire.DocumentSlice;
import dev.cdcpipeline.model.wire.JsonSlice;

/** How a document is written in its {@code jsonb} column. */
@FunctionalInterface
public interface DocumentFormat {

    /**
     * The document as JSON, in the array that it was in or in another.
     *
     * @throws MalformedMessageException if it is not a document
     */
    JsonSlice render(DocumentSlice document);
}
