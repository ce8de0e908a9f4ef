package dev.cdcpipeline.model.json;

import dev.cdcpipeline.model.RawDocument;

import org.jspecify.annotations.Nullable;

/**
 * Renders documents as MongoDB Extended JSON v2, relaxed where that is lossless and canonical where
 * not. The table of all types is in docs/reference/bson-to-json.md. Not thread-safe: it uses one
 * buffer again and again.
 */
public final class ExtendedJson implements JsonRenderer {

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

    @Override
    public byte[] render(RawDocument document) {
        return writer.write(document);
    }

    @Override
    public byte @Nullable [] render(RawDocument document, int most) {
        return writer.write(document, most);
    }

    @Override
    public int length() {
        return writer.length();
    }

    @Override
    public int measure(RawDocument document) {
        return writer.measure(document);
    }

    @Override
    public void render(RawDocument document, JsonSink sink) {
        writer.write(document, sink);
    }
}
