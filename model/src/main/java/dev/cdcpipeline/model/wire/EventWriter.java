package dev.cdcpipeline.model.wire;

import dev.cdcpipeline.model.ChangeEvent;
import dev.cdcpipeline.model.DocumentKey;
import dev.cdcpipeline.model.MalformedMessageException;
import dev.cdcpipeline.model.RawDocument;
import dev.cdcpipeline.model.json.ExtendedJson;

/**
 * Writes keys and values of Kafka records. What it writes, {@link EventReader} reads back with the
 * same BSON bytes. Not thread-safe: it uses one buffer again and again.
 */
public final class EventWriter {

    private final WireFormat format;
    private final ExtendedJson json = ExtendedJson.forWire();

    /** A writer of the format. */
    public EventWriter(WireFormat format) {
        this.format = format;
    }

    /** The key of all records about the document. */
    public byte[] key(DocumentKey key) {
        return write(key.document());
    }

    /**
     * The value of the record about the event.
     *
     * @throws MalformedMessageException when the event's bytes are not BSON throughout
     */
    public byte[] value(ChangeEvent event) {
        return write(event.document());
    }

    private byte[] write(RawDocument document) {
        return switch (format) {
            case BSON -> document.toBytes();
            case JSON -> json.render(document);
        };
    }
}
