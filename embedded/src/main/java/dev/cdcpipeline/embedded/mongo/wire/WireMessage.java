package dev.cdcpipeline.embedded.mongo.wire;

import de.bwaldvogel.mongo.bson.Document;

import org.jspecify.annotations.Nullable;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * One request as it came over the wire: OP_MSG, or the OP_QUERY with which drivers still greet.
 *
 * <p>See https://www.mongodb.com/docs/manual/reference/mongodb-wire-protocol/.
 *
 * @param requestId the client's number of the request, which the reply refers to
 * @param legacy whether it came as OP_QUERY and wants an OP_REPLY
 * @param replyExpected false for an unacknowledged write
 * @param body the command, with document sequences as arrays in it
 */
record WireMessage(int requestId, boolean legacy, boolean replyExpected, Document body) {

    static final int MAX_MESSAGE_BYTES = 48_000_000;

    private static final int OP_REPLY = 1;
    private static final int OP_QUERY = 2004;
    private static final int OP_MSG = 2013;
    private static final int CHECKSUM_PRESENT = 1;
    private static final int MORE_TO_COME = 2;
    private static final int HEADER_BYTES = 16;

    /** The next message of the stream, null at its end. */
    static @Nullable WireMessage read(DataInputStream in) throws IOException {
        int length;
        try {
            length = Integer.reverseBytes(in.readInt());
        } catch (EOFException _) {
            return null;
        }
        if (length < HEADER_BYTES || length > MAX_MESSAGE_BYTES + HEADER_BYTES) {
            throw new IOException("Message of " + length + " bytes");
        }
        int requestId = Integer.reverseBytes(in.readInt());
        in.readInt();
        int opCode = Integer.reverseBytes(in.readInt());
        byte[] payload = new byte[length - HEADER_BYTES];
        in.readFully(payload);
        BsonReader reader = new BsonReader(payload);
        return switch (opCode) {
            case OP_MSG -> message(requestId, reader, payload.length);
            case OP_QUERY -> query(requestId, reader);
            default -> throw new IOException("Unsupported operation code " + opCode);
        };
    }

    private static WireMessage message(int requestId, BsonReader reader, int length)
            throws IOException {
        int flags = reader.readInt32();
        int end = (flags & CHECKSUM_PRESENT) == 0 ? length : length - 4;
        Document body = new Document();
        Document sequences = new Document();
        while (reader.position() < end) {
            byte kind = reader.readByte();
            switch (kind) {
                case 0 -> body = reader.readDocument();
                case 1 -> readSequence(reader, sequences);
                default -> throw new IOException("Unknown section kind " + kind);
            }
        }
        body.putAll(sequences);
        return new WireMessage(requestId, false, (flags & MORE_TO_COME) == 0, body);
    }

    private static void readSequence(BsonReader reader, Document sequences) {
        int end = reader.position() + reader.readInt32();
        String name = reader.readCString();
        List<Document> documents = new ArrayList<>();
        while (reader.position() < end) {
            documents.add(reader.readDocument());
        }
        sequences.put(name, documents);
    }

    private static WireMessage query(int requestId, BsonReader reader) {
        reader.readInt32();
        String namespace = reader.readCString();
        reader.readInt32();
        reader.readInt32();
        Document body = reader.readDocument();
        if (body.get("$query") instanceof Document wrapped) {
            body = wrapped;
        }
        body.put("$db", namespace.substring(0, namespace.indexOf('.')));
        return new WireMessage(requestId, true, true, body);
    }

    /** Writes the reply to this message and flushes it. */
    void reply(OutputStream out, int replyId, Document document) throws IOException {
        BsonWriter writer = new BsonWriter(1024);
        writer.writeInt32(0);
        writer.writeInt32(replyId);
        writer.writeInt32(requestId);
        if (legacy) {
            writer.writeInt32(OP_REPLY);
            writer.writeInt32(8);
            writer.writeInt32(0);
            writer.writeInt32(0);
            writer.writeInt32(0);
            writer.writeInt32(1);
        } else {
            writer.writeInt32(OP_MSG);
            writer.writeInt32(0);
            writer.writeByte(0);
        }
        writer.writeDocument(document);
        writer.setInt32(0, writer.size());
        out.write(writer.buffer(), 0, writer.size());
        out.flush();
    }
}
