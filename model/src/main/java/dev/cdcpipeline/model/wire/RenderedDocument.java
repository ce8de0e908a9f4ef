package dev.cdcpipeline.model.wire;

import dev.cdcpipeline.model.json.JsonSink;

/** A document as JSON text in UTF-8. */
public sealed interface RenderedDocument permits JsonSlice, LargeDocument {

    /** How many bytes the text has. */
    int length();

    /** Hands the text to a sink, as a whole or piece by piece. */
    void writeTo(JsonSink sink);

    /** The text, decoded, in memory as a whole. */
    String text();
}
