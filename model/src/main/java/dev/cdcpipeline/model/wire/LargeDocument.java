package dev.cdcpipeline.model.wire;

import dev.cdcpipeline.model.json.JsonSink;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * A document whose JSON is too large to be held: it is made piece by piece whenever it is asked
 * for, out of the message, which must be there as long. To be used by the thread that rendered it.
 */
public final class LargeDocument implements RenderedDocument {
    private final DocumentRenderer renderer;
    private final DocumentSlice document;
    private final int length;

    LargeDocument(DocumentRenderer renderer, DocumentSlice document, int length) {
        this.renderer = renderer;
        this.document = document;
        this.length = length;
    }

    @Override
    public int length() {
        return length;
    }

    @Override
    public void writeTo(JsonSink sink) {
        renderer.write(document, sink);
    }

    @Override
    public String text() {
        var text = new ByteArrayOutputStream(length);
        writeTo(text::write);
        return text.toString(StandardCharsets.UTF_8);
    }
}
