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

    /**
     * The key of all records about the document, by which Kafka's partition is chosen: Extended
     * JSON of the canonical key. It depends neither on the format of the values nor on the type
     * that a number in the {@code _id} happens to have, as either may change while records of the
     * document are in the topic.
     *
     * @throws MalformedMessageException when the key's bytes are not BSON throughout
     */
    public byte[] key(DocumentKey key) {
        return json.render(key.canonical().document());
    }

    /**
     * The value of the record about the event.
     *
     * @throws MalformedMessageException when the event's bytes are not BSON throughout
     */
    public byte[] value(ChangeEvent event) {
        RawDocument document = event.document();
        return switch (format) {
            case BSON -> document.toBytes();
            case JSON -> json.render(document);
        };
    }

    /**
     * How many bytes {@link #value} would have; as JSON an event may take many times its own. Takes
     * no memory for it.
     *
     * @throws MalformedMessageException when the event's bytes are not BSON throughout
     */
    public int valueLength(ChangeEvent event) {
        return switch (format) {
            case BSON -> event.document().length();
            case JSON -> json.measure(event.document());
        };
    }
}
