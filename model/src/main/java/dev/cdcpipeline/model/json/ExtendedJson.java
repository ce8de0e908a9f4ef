package dev.cdcpipeline.model.json;

import dev.cdcpipeline.model.MalformedMessageException;
import dev.cdcpipeline.model.RawDocument;

/**
 * Renders documents as MongoDB Extended JSON v2, relaxed where that is lossless and canonical where
 * not. The table of all types is in docs/reference/bson-to-json.md. Not thread-safe: it uses one
 * buffer again and again.
 */
public final class ExtendedJson {

    private final DocumentWriter writer;

    private ExtendedJson(boolean jsonb) {
        writer = new DocumentWriter(new ExtendedStyle(jsonb));
    }

    /** As it travels through Kafka. */
    public static ExtendedJson forWire() {
        return new ExtendedJson(false);
    }

    /**
     * As PostgreSQL's {@code jsonb} can hold it: without {@code \u0000}, and without numbers that
     * {@code jsonb} would write in another way.
     */
    public static ExtendedJson forJsonb() {
        return new ExtendedJson(true);
    }

    /**
     * The document as UTF-8 JSON.
     *
     * @throws MalformedMessageException when its bytes are not BSON
     */
    public byte[] render(RawDocument document) {
        return writer.write(document);
    }
}
