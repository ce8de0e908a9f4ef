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
    private final UsualEvent usual = new UsualEvent(json);

    /**
     * Reads a value.
     *
     * @throws MalformedMessageException for all bytes that are not a change event
     */
    public ChangeEvent read(byte[] value) {
        return read(value, 0, value.length, ChangeEvent::of);
    }

    /**
     * Reads a value, which is a part of an array, as far as needed to say what happened to which
     * document.
     *
     * @param array the array, of which the value is what is from {@code start} to before {@code
     *     end}
     * @param placed whether the record's headers say where in the stream the event is; its token
     *     and time need not be read then
     * @throws MalformedMessageException for bytes that are not a change event; of the document in
     *     it only the extent is looked at, where it is JSON
     */
    public EventOutline readOutline(byte[] array, int start, int end, boolean placed) {
        if (isBson(array, start, end) || !mayBeJson(array, start, end)) {
            ChangeEvent event = read(array, start, end, ChangeEvent::of);
            RawDocument document = event.fullDocument();
            return new EventOutline.OfAnyKind(
                    event,
                    document == null
                            ? null
                            : new DocumentSlice(
                                    array,
                                    document.offset(),
                                    document.offset() + document.length(),
                                    WireFormat.BSON));
        }
        if (usual.read(array, start, end, placed)) {
            return usual;
        }
        try {
            RawDocument outline = json.readOutline(array, start, end, placed);
            DocumentSlice document =
                    json.documentStart() < 0
                            ? null
                            : new DocumentSlice(
                                    array,
                                    json.documentStart(),
                                    json.documentEnd(),
                                    WireFormat.JSON);
            return new EventOutline.OfAnyKind(make(outline, start, ChangeEvent::of), document);
        } catch (MalformedMessageException e) {
            throw inMessage(e, start);
        }
    }

    /** Lets go of the last message, which may be large: its outline is not valid any more. */
    public void release() {
        usual.release();
        json.forgetLarge();
    }

    /**
     * Reads a key.
     *
     * @throws MalformedMessageException for all bytes that are not a document with an {@code _id}
     */
    public DocumentKey readKey(byte[] key) {
        return read(key, 0, key.length, DocumentKey::of);
    }

    private <T> T read(byte[] array, int start, int end, Function<RawDocument, T> make) {
        try {
            if (isBson(array, start, end)) {
                BsonValidation.document(array, start, end - start);
                return make.apply(RawDocument.wrap(array, start, end - start));
            }
            if (!mayBeJson(array, start, end)) {
                throw new MalformedMessageException(
                        "neither JSON nor BSON of its " + (end - start) + " bytes", start);
            }
            return make(RawDocument.wrap(json.read(array, start, end)), start, make);
        } catch (MalformedMessageException e) {
            throw inMessage(e, start);
        }
    }

    private static <T> T make(RawDocument document, int start, Function<RawDocument, T> make) {
        try {
            return make.apply(document);
        } catch (MalformedMessageException e) {
            // A place in the BSON made of the message is none in the message.
            throw e.at(start);
        }
    }

    /** Counted from the message's start instead of the array's. */
    private static MalformedMessageException inMessage(MalformedMessageException e, int start) {
        return e.at(e.bytePosition() - start);
    }

    private static boolean isBson(byte[] array, int start, int end) {
        return end - start >= 5 && BsonBytes.int32(array, start) == end - start;
    }

    /** Not so when a BSON message was cut off, which then is what the error should say. */
    private static boolean mayBeJson(byte[] array, int start, int end) {
        return end > start && "{ \t\n\r".indexOf(array[start]) >= 0;
    }
}
