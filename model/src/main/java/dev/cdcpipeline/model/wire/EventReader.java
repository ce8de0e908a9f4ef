package dev.cdcpipeline.model.wire;

import dev.cdcpipeline.model.BsonBytes;
import dev.cdcpipeline.model.BsonValidation;
import dev.cdcpipeline.model.ChangeEvent;
import dev.cdcpipeline.model.DocumentKey;
import dev.cdcpipeline.model.MalformedMessageException;
import dev.cdcpipeline.model.RawDocument;

import java.util.function.Function;

/**
 * Reads keys and values of Kafka records, in either {@link WireFormat}: it is BSON if and only if
 * its first four bytes say its length. JSON text does not: it starts with a brace or white space
 * and goes on with text, which would be a length of hundreds of megabytes. It reads Extended JSON
 * v2, relaxed and canonical, and the older forms that the official MongoDB Kafka connector writes.
 * Events over BSON keep the array that was read, which must not change then. Not thread-safe: it
 * uses one buffer again and again.
 */
public final class EventReader {

    private final JsonToBson json = new JsonToBson();

    /**
     * Reads a value.
     *
     * @throws MalformedMessageException for all bytes that are not a change event
     */
    public ChangeEvent read(byte[] value) {
        return read(value, ChangeEvent::of);
    }

    /**
     * Reads a value as far as needed to say what happened to which document.
     *
     * @param placed whether the record's headers say where in the stream the event is; its token
     *     and time need not be read then
     * @throws MalformedMessageException for bytes that are not a change event; of the document in
     *     it only the extent is looked at, where it is JSON
     */
    public EventOutline readOutline(byte[] value, boolean placed) {
        if (isBson(value) || !mayBeJson(value)) {
            ChangeEvent event = read(value);
            RawDocument document = event.fullDocument();
            return new EventOutline(
                    event,
                    document == null
                            ? null
                            : new DocumentSlice(
                                    value,
                                    document.offset(),
                                    document.offset() + document.length(),
                                    WireFormat.BSON));
        }
        RawDocument outline = json.readOutline(value, placed);
        DocumentSlice document =
                json.documentStart() < 0
                        ? null
                        : new DocumentSlice(
                                value, json.documentStart(), json.documentEnd(), WireFormat.JSON);
        return new EventOutline(make(outline, ChangeEvent::of), document);
    }

    /**
     * Reads a key.
     *
     * @throws MalformedMessageException for all bytes that are not a document with an {@code _id}
     */
    public DocumentKey readKey(byte[] key) {
        return read(key, DocumentKey::of);
    }

    private <T> T read(byte[] message, Function<RawDocument, T> make) {
        if (isBson(message)) {
            BsonValidation.document(message, 0, message.length);
            return make.apply(RawDocument.wrap(message));
        }
        if (!mayBeJson(message)) {
            throw new MalformedMessageException(
                    "neither JSON nor BSON of its " + message.length + " bytes", 0);
        }
        return make(RawDocument.wrap(json.read(message)), make);
    }

    private static <T> T make(RawDocument document, Function<RawDocument, T> make) {
        try {
            return make.apply(document);
        } catch (MalformedMessageException e) {
            // A place in the BSON made of the message is none in the message.
            throw e.at(0);
        }
    }

    private static boolean isBson(byte[] message) {
        return message.length >= 5 && BsonBytes.int32(message, 0) == message.length;
    }

    /** Not so when a BSON message was cut off, which then is what the error should say. */
    private static boolean mayBeJson(byte[] message) {
        return message.length > 0 && "{ \t\n\r".indexOf(message[0]) >= 0;
    }
}
