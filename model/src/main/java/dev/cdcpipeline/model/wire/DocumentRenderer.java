package dev.cdcpipeline.model.wire;

import dev.cdcpipeline.model.MalformedMessageException;
import dev.cdcpipeline.model.RawDocument;
import dev.cdcpipeline.model.json.ExtendedJson;
import dev.cdcpipeline.model.json.JsonRenderer;
import dev.cdcpipeline.model.json.JsonSink;
import dev.cdcpipeline.model.json.PlainJson;

/**
 * Renders documents for PostgreSQL's {@code jsonb} out of the messages they lie in. The result is
 * that of decoding to BSON and rendering that; Extended JSON of the usual types is copied instead,
 * in one pass, or taken as it is (see {@link JsonCopy}). Not thread-safe.
 */
public final class DocumentRenderer {

    /** What is larger as JSON, and not so in its message, is not held. */
    private static final int LARGEST_HELD = 1 << 20;

    private final JsonToBson json = new JsonToBson();
    private final JsonCopy copy;
    private final JsonRenderer writer;

    private DocumentRenderer(JsonCopy copy, JsonRenderer writer) {
        this.copy = copy;
        this.writer = writer;
    }

    /** As {@link PlainJson}. */
    public static DocumentRenderer plain() {
        return new DocumentRenderer(new JsonCopy(true), new PlainJson());
    }

    /** As {@link ExtendedJson#forJsonb()}. */
    public static DocumentRenderer extended() {
        return new DocumentRenderer(new JsonCopy(false), ExtendedJson.forJsonb());
    }

    /**
     * The document as UTF-8 JSON, in the array that it was in if its text is the same there.
     *
     * @throws MalformedMessageException when its bytes are not a document, with the place in it
     */
    public JsonSlice render(DocumentSlice document) {
        try {
            return switch (document.format()) {
                case BSON -> JsonSlice.of(writer.render(bson(document)));
                case JSON -> renderJson(document.array(), document.start(), document.end());
            };
        } catch (MalformedMessageException e) {
            throw e.at(Math.max(0, e.bytePosition() - document.start()));
        }
    }

    /**
     * The document as UTF-8 JSON: in the array that it was in if its text is the same there, in one
     * of its own, or, if it is large, for as often as it is asked for (I7). Takes no more than a
     * megabyte.
     *
     * @throws MalformedMessageException when its bytes are not a document, with the place in it
     */
    public RenderedDocument renderFrugally(DocumentSlice document) {
        try {
            return switch (document.format()) {
                case BSON -> frugally(document, bson(document));
                case JSON -> frugally(document);
            };
        } catch (MalformedMessageException e) {
            throw e.at(Math.max(0, e.bytePosition() - document.start()));
        }
    }

    private RenderedDocument frugally(DocumentSlice document) {
        byte[] array = document.array();
        int start = document.start();
        int end = document.end();
        boolean large = end - start > LARGEST_HELD;
        JsonSlice copied = large ? copy.unchanged(array, start, end) : copy.copy(array, start, end);
        if (copied != null) {
            return copied;
        }
        try {
            return frugally(document, json.readAsView(array, start, end));
        } finally {
            json.forgetLarge();
        }
    }

    private RenderedDocument frugally(DocumentSlice document, RawDocument bson) {
        byte[] text = writer.render(bson, LARGEST_HELD);
        return text != null
                ? JsonSlice.of(text)
                : new LargeDocument(this, document, writer.length());
    }

    /** Hands to a sink what was too large to be held. */
    void write(DocumentSlice document, JsonSink sink) {
        switch (document.format()) {
            case BSON -> writer.render(bson(document), sink);
            case JSON -> {
                try {
                    writer.render(
                            json.readAsView(document.array(), document.start(), document.end()),
                            sink);
                } finally {
                    json.forgetLarge();
                }
            }
        }
    }

    private static RawDocument bson(DocumentSlice document) {
        int length = document.end() - document.start();
        return RawDocument.wrap(document.array(), document.start(), length);
    }

    private JsonSlice renderJson(byte[] array, int start, int end) {
        JsonSlice copied = copy.copy(array, start, end);
        return copied != null
                ? copied
                : JsonSlice.of(writer.render(json.readAsView(array, start, end)));
    }
}
