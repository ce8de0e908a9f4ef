package dev.cdcpipeline.model.json;

import dev.cdcpipeline.model.MalformedMessageException;
import dev.cdcpipeline.model.RawDocument;

/**
 * Renders documents as the JSON that a SQL user expects: an ObjectId is its hexadecimal string, a
 * date an ISO 8601 string, a number a number. Every result is valid input for PostgreSQL's {@code
 * jsonb}; text that {@code jsonb} cannot hold is replaced without loss. The table of all types is
 * in docs/reference/bson-to-json.md. Not thread-safe: it uses one buffer again and again.
 */
public final class PlainJson {

    private final DocumentWriter writer = new DocumentWriter(new PlainStyle());

    /**
     * The document as UTF-8 JSON.
     *
     * @throws MalformedMessageException when its bytes are not BSON
     */
    public byte[] render(RawDocument document) {
        return writer.write(document);
    }
}
