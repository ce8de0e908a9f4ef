package dev.cdcpipeline.model.json;

import dev.cdcpipeline.model.RawDocument;

import java.nio.charset.StandardCharsets;

/**
 * Renders documents as the JSON that a SQL user expects. Every result is valid input for
 * PostgreSQL's {@code jsonb}. Not thread-safe: it uses one buffer again and again.
 */
public final class PlainJson {

    /** The document as UTF-8 JSON. */
    public byte[] render(RawDocument document) {
        return document.toBsonDocument().toJson().getBytes(StandardCharsets.UTF_8);
    }
}
