package dev.cdcpipeline.syncer.plan;

import dev.cdcpipeline.model.MalformedMessageException;
import dev.cdcpipeline.model.wire.DocumentSlice;

/** How a document is written in its {@code jsonb} column. */
@FunctionalInterface
public interface DocumentFormat {

    /**
     * The document as JSON in UTF-8.
     *
     * @throws UnrenderableException if {@code jsonb} cannot hold it
     * @throws MalformedMessageException if it is not a document
     */
    byte[] render(DocumentSlice document);
}
