package dev.cdcpipeline.model.json;

import dev.cdcpipeline.model.RawDocument;

import org.jspecify.annotations.Nullable;

/**
 * Renders documents as the JSON that a SQL user expects: an ObjectId is its hexadecimal string, a
 * date an ISO 8601 string, a number a number. Every result is valid input for PostgreSQL's {@code
 * jsonb}; text that {@code jsonb} cannot hold is replaced without loss. The table of all types is
 * in docs/reference/bson-to-json.md. Not thread-safe: it uses one buffer again and again.
 */
public final class PlainJson implements JsonRenderer {

    private final DocumentWriter writer = new DocumentWriter(new PlainStyle());

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
