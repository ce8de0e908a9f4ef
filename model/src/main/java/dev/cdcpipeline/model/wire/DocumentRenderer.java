package dev.cdcpipeline.model.wire;

import dev.cdcpipeline.model.MalformedMessageException;
import dev.cdcpipeline.model.RawDocument;
import dev.cdcpipeline.model.json.ExtendedJson;
import dev.cdcpipeline.model.json.PlainJson;

import java.util.function.Function;

/**
 * Renders documents for PostgreSQL's {@code jsonb} out of the messages they lie in. The result is
 * that of decoding to BSON and rendering that; Extended JSON of the usual types is copied instead,
 * in one pass, or taken as it is (see {@link JsonCopy}). Not thread-safe.
 */
public final class DocumentRenderer {

    private final JsonToBson json = new JsonToBson();
    private final JsonCopy copy;
    private final Function<RawDocument, byte[]> writer;

    private DocumentRenderer(JsonCopy copy, Function<RawDocument, byte[]> writer) {
        this.copy = copy;
        this.writer = writer;
    }

    /** As {@link PlainJson}. */
    public static DocumentRenderer plain() {
        return new DocumentRenderer(new JsonCopy(true), new PlainJson()::render);
    }

    /** As {@link ExtendedJson#forJsonb()}. */
    public static DocumentRenderer extended() {
        return new DocumentRenderer(new JsonCopy(false), ExtendedJson.forJsonb()::render);
    }

    /**
     * The document as UTF-8 JSON, in the array that it was in if its text is the same there.
     *
     * @throws MalformedMessageException when its bytes are not a document, with the place in it
     */
    public JsonSlice render(DocumentSlice document) {
        try {
            return switch (document.format()) {
                case BSON -> JsonSlice.of(writer.apply(bson(document)));
                case JSON -> renderJson(document.array(), document.start(), document.end());
            };
        } catch (MalformedMessageException e) {
            throw e.at(Math.max(0, e.bytePosition() - document.start()));
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
                : JsonSlice.of(writer.apply(json.readAsView(array, start, end)));
    }
}
