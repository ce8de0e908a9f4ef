package dev.cdcpipeline.model.wire;

import dev.cdcpipeline.model.BsonBytes;
import dev.cdcpipeline.model.BsonValidation;
import dev.cdcpipeline.model.ChangeEvent;
import dev.cdcpipeline.model.DocumentKey;
import dev.cdcpipeline.model.MalformedMessageException;
import dev.cdcpipeline.model.RawDocument;

/**
 * Reads keys and values of Kafka records, in either {@link WireFormat}: it is BSON if and only if
 * its first four bytes say its length (JSON text never does: it starts with a brace or white space,
 * which would be the length of over 2 GB, or of a text that ends in NUL). It reads Extended JSON
 * v2, relaxed and canonical, and the older forms that the official MongoDB Kafka connector writes.
 * Not thread-safe: it uses one buffer again and again.
 */
public final class EventReader {

    private final JsonToBson json = new JsonToBson();

    /**
     * Reads a value.
     *
     * @throws MalformedMessageException for all bytes that are not a change event
     */
    public ChangeEvent read(byte[] value) {
        return ChangeEvent.of(document(value));
    }

    /**
     * Reads a key.
     *
     * @throws MalformedMessageException for all bytes that are not a document with an {@code _id}
     */
    public DocumentKey readKey(byte[] key) {
        return DocumentKey.of(document(key));
    }

    private RawDocument document(byte[] message) {
        if (message.length >= 5 && BsonBytes.int32(message, 0) == message.length) {
            BsonValidation.document(message, 0, message.length);
            return RawDocument.wrap(message);
        }
        return RawDocument.wrap(json.read(message));
    }
}
