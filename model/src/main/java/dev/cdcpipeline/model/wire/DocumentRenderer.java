package dev.cdcpipeline.model.wire;

import dev.cdcpipeline.model.MalformedMessageException;
import dev.cdcpipeline.model.RawDocument;
import dev.cdcpipeline.model.json.ExtendedJson;
import dev.cdcpipeline.model.json.PlainJson;

import java.util.Arrays;
import java.util.function.Function;

/**
 * Renders documents for PostgreSQL's {@code jsonb} out of the messages they lie in. The result is
 * that of decoding to BSON and rendering that; Extended JSON of the usual types is copied instead,
 * in one pass (see {@link JsonCopy}). Not thread-safe.
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
     * The document as UTF-8 JSON.
     *
     * @throws MalformedMessageException when its bytes are not a document
     */
    public byte[] render(DocumentSlice document) {
        return switch (document.format()) {
            case BSON ->
                    writer.apply(
                            RawDocument.wrap(
                                    document.message(),
                                    document.start(),
                                    document.end() - document.start()));
            case JSON -> renderJson(document.message(), document.start(), document.end());
        };
    }

    private byte[] renderJson(byte[] message, int start, int end) {
        byte[] copied = copy.copy(message, start, end);
        return copied != null
                ? copied
                : writer.apply(json.readAsView(Arrays.copyOfRange(message, start, end)));
    }
}
