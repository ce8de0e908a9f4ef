package dev.cdcpipeline.watcher.capture;

import com.mongodb.client.MongoDatabase;

import dev.cdcpipeline.model.BsonBytes;
import dev.cdcpipeline.model.BsonCursor;
import dev.cdcpipeline.model.RawDocument;
import dev.cdcpipeline.model.ResumeToken;

import org.bson.BsonBinaryReader;
import org.bson.BsonReader;
import org.bson.BsonTimestamp;
import org.bson.BsonWriter;
import org.bson.codecs.Codec;
import org.bson.codecs.DecoderContext;
import org.bson.codecs.EncoderContext;
import org.bson.codecs.configuration.CodecRegistries;
import org.bson.io.BsonInput;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/**
 * The server's reply to a command that makes or reads a cursor ({@code aggregate}, {@code find},
 * {@code getMore}). All documents of the batch are views of one array, which is the only copy that
 * is made of them.
 *
 * @param cursorId 0 when the server has closed the cursor
 * @param documents the batch
 * @param bytes the size of the whole reply
 * @param postBatchResumeToken from where a change stream can be resumed after this batch; null for
 *     other cursors
 * @param operationTime the time on the server, null when it says none
 */
record CursorReply(
        long cursorId,
        List<RawDocument> documents,
        int bytes,
        @Nullable ResumeToken postBatchResumeToken,
        @Nullable BsonTimestamp operationTime) {

    static CursorReply of(RawDocument reply) {
        RawDocument cursor = reply.document("cursor");
        if (cursor == null) {
            throw new IllegalStateException("the server's reply has no cursor");
        }
        long id = 0;
        List<RawDocument> documents = List.of();
        ResumeToken token = null;
        BsonCursor field = cursor.cursor();
        while (field.next()) {
            switch (field.name()) {
                case "id" -> id = BsonBytes.int64(field.array(), field.valueStart());
                case "firstBatch", "nextBatch" -> documents = elements(field.document());
                case "postBatchResumeToken" -> token = ResumeToken.of(field.document());
                default -> {
                    // Nothing else is needed.
                }
            }
        }
        BsonTimestamp time = reply.get("operationTime") instanceof BsonTimestamp t ? t : null;
        return new CursorReply(id, documents, reply.length(), token, time);
    }

    private static List<RawDocument> elements(RawDocument array) {
        List<RawDocument> elements = new ArrayList<>();
        BsonCursor element = array.cursor();
        while (element.next()) {
            elements.add(element.document());
        }
        return elements;
    }

    /** A database whose commands can return replies of this type. */
    static MongoDatabase readable(MongoDatabase database) {
        return database.withCodecRegistry(
                CodecRegistries.fromRegistries(
                        CodecRegistries.fromCodecs(new ReplyCodec()), database.getCodecRegistry()));
    }

    /** Decodes a reply by taking its bytes as they are. */
    static final class ReplyCodec implements Codec<CursorReply> {
        @Override
        public CursorReply decode(BsonReader reader, DecoderContext context) {
            if (!(reader instanceof BsonBinaryReader binary)) {
                throw new IllegalArgumentException("only replies in BSON can be read");
            }
            BsonInput input = binary.getBsonInput();
            int size = input.readInt32();
            byte[] bytes = new byte[size];
            BsonBytes.putInt32(bytes, 0, size);
            input.readBytes(bytes, Integer.BYTES, size - Integer.BYTES);
            return CursorReply.of(RawDocument.wrap(bytes));
        }

        @Override
        public void encode(BsonWriter writer, CursorReply value, EncoderContext context) {
            throw new UnsupportedOperationException("replies are only read");
        }

        @Override
        public Class<CursorReply> getEncoderClass() {
            return CursorReply.class;
        }
    }
}
