package dev.cdcpipeline.syncer.plan;

import dev.cdcpipeline.model.RawDocument;

/** How a document is written in its {@code jsonb} column. */
@FunctionalInterface
public interface DocumentFormat {

    /**
     * The document as JSON in UTF-8.
     *
     * @throws UnrenderableException if {@code jsonb} cannot hold it
     */
    byte[] render(RawDocument document);
}
