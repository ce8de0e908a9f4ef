package dev.cdcpipeline.syncer.plan;

import dev.cdcpipeline.model.MalformedMessageException;
import dev.cdcpipeline.model.wire.DocumentSlice;
import dev.cdcpipeline.model.wire.RenderedDocument;

/** How a document is written in its {@code jsonb} column. */
@FunctionalInterface
public interface DocumentFormat {

    /**
     * The document as JSON: in the array that it was in, in another, or made when it is asked for.
     *
     * @throws MalformedMessageException if it is not a document
     */
    RenderedDocument render(DocumentSlice document);
}
