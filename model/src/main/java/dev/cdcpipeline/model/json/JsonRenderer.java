package dev.cdcpipeline.model.json;

import dev.cdcpipeline.model.MalformedMessageException;
import dev.cdcpipeline.model.RawDocument;

import org.jspecify.annotations.Nullable;

/**
 * Renders documents as UTF-8 JSON, whose bytes may be many times those of the document: a string of
 * control characters takes six times as many, a list of empty regular expressions eleven times. Not
 * thread-safe: it uses one buffer again and again.
 */
public abstract sealed class JsonRenderer permits PlainJson, ExtendedJson {

    private final DocumentWriter writer;

    JsonRenderer(JsonStyle style) {
        this.writer = new DocumentWriter(style);
    }

    /**
     * The document as UTF-8 JSON.
     *
     * @throws MalformedMessageException when its bytes are not BSON
     */
    public final byte[] render(RawDocument document) {
        return writer.write(document);
    }

    /**
     * The document as UTF-8 JSON, unless that, or an attempt at it, takes more than so many bytes.
     *
     * @return null when it does; {@link #length} says how many
     * @throws MalformedMessageException when its bytes are not BSON
     */
    public final byte @Nullable [] render(RawDocument document, int most) {
        return writer.write(document, most);
    }

    /** How many bytes the last document took, also one that took too many. */
    public final int length() {
        return writer.length();
    }

    /**
     * How many bytes the document's JSON has; takes no memory for it.
     *
     * @throws MalformedMessageException when its bytes are not BSON
     */
    public final int measure(RawDocument document) {
        return writer.measure(document);
    }

    /**
     * Hands the document's JSON to a sink, piece by piece.
     *
     * @throws MalformedMessageException when its bytes are not BSON
     */
    public final void render(RawDocument document, JsonSink sink) {
        writer.write(document, sink);
    }
}
