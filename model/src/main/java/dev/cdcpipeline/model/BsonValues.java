package dev.cdcpipeline.model;

import org.bson.BsonArray;
import org.bson.BsonBinaryReader;
import org.bson.BsonDocument;
import org.bson.BsonSerializationException;
import org.bson.BsonValue;
import org.bson.codecs.BsonDocumentCodec;
import org.bson.codecs.DecoderContext;

import java.nio.ByteBuffer;

/** Turns BSON bytes into the values of the {@code org.bson} library. */
final class BsonValues {

    private BsonValues() {}

    static BsonDocument document(byte[] bytes, int offset, int length) {
        BsonValidation.document(bytes, offset, length);
        ByteBuffer buffer = ByteBuffer.wrap(bytes, offset, length).slice();
        try (BsonBinaryReader reader = new BsonBinaryReader(buffer)) {
            return new BsonDocumentCodec().decode(reader, DecoderContext.builder().build());
        } catch (BsonSerializationException e) {
            throw malformed(offset, e);
        }
    }

    /**
     * The value of the type from {@code at} to {@code end}, read as the only field of a document.
     */
    static BsonValue decode(byte[] bytes, byte type, int at, int end) {
        int length = end - at;
        byte[] document = new byte[4 + 2 + length + 1];
        BsonBytes.putInt32(document, 0, document.length);
        document[4] = type;
        System.arraycopy(bytes, at, document, 6, length);
        BsonValue value = document(document, 0, document.length).get("");
        return value == null ? new BsonArray() : value;
    }

    private static MalformedMessageException malformed(int offset, BsonSerializationException e) {
        MalformedMessageException malformed =
                new MalformedMessageException("BSON that the bson library refuses", offset);
        malformed.initCause(e);
        return malformed;
    }
}
