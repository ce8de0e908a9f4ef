package dev.cdcpipeline.embedded.mongo.contract;

import com.mongodb.ConnectionString;
import com.mongodb.ServerAddress;

import org.bson.BsonBinaryReader;
import org.bson.BsonBinaryWriter;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.bson.ByteBufNIO;
import org.bson.codecs.BsonDocumentCodec;
import org.bson.codecs.DecoderContext;
import org.bson.codecs.EncoderContext;
import org.bson.io.BasicOutputBuffer;
import org.bson.io.ByteBufferBsonInput;
import org.junit.jupiter.api.Assumptions;

import java.io.Closeable;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Objects;

/**
 * A connection without a driver, for commands that a driver would change or never send: one {@code
 * OP_MSG} out, one back.
 */
final class RawConnection implements Closeable {

    private static final int OP_MSG = 2013;
    private static final int HEADER = 16;

    private final Socket socket;
    private final String database;

    /** Connects to the first host of the server's URI; skips the test where that needs more. */
    RawConnection(TestDatabase db) throws IOException {
        ConnectionString uri = new ConnectionString(db.server().uri());
        boolean plain =
                uri.getCredential() == null
                        && !Boolean.TRUE.equals(uri.getSslEnabled())
                        && !uri.isSrvProtocol();
        Assumptions.assumeTrue(plain, "a raw connection has no authentication and no TLS");
        ServerAddress address =
                new ServerAddress(Objects.requireNonNull(uri.getHosts()).getFirst());
        this.database = db.name();
        this.socket = new Socket(address.getHost(), address.getPort());
        socket.setSoTimeout((int) Duration.ofSeconds(60).toMillis());
    }

    /** Sends a command to the test's database and waits for its reply. */
    BsonDocument send(BsonDocument command) throws IOException {
        BsonDocument body = command.clone().append("$db", new BsonString(database));
        BasicOutputBuffer bson = new BasicOutputBuffer();
        new BsonDocumentCodec()
                .encode(new BsonBinaryWriter(bson), body, EncoderContext.builder().build());
        byte[] bytes = bson.toByteArray();
        ByteBuffer message =
                ByteBuffer.allocate(HEADER + 5 + bytes.length)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putInt(HEADER + 5 + bytes.length)
                        .putInt(1)
                        .putInt(0)
                        .putInt(OP_MSG)
                        .putInt(0)
                        .put((byte) 0)
                        .put(bytes);
        socket.getOutputStream().write(message.array());
        socket.getOutputStream().flush();
        return reply();
    }

    private BsonDocument reply() throws IOException {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        int length = Integer.reverseBytes(in.readInt());
        ByteBuffer rest = ByteBuffer.wrap(in.readNBytes(length - 4));
        rest.position(HEADER - 4 + 5);
        ByteBuffer document = rest.slice().order(ByteOrder.LITTLE_ENDIAN);
        return new BsonDocumentCodec()
                .decode(
                        new BsonBinaryReader(new ByteBufferBsonInput(new ByteBufNIO(document))),
                        DecoderContext.builder().build());
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
