package dev.cdcpipeline.embedded.mongo.wire;

import de.bwaldvogel.mongo.bson.Document;

import org.jspecify.annotations.Nullable;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.BufferUnderflowException;

/** One client's connection: reads a request, has it answered, writes the reply, in turn. */
public final class Connection {

    private final int id;
    private final Socket socket;
    private volatile String applicationName = "";

    Connection(int id, Socket socket) {
        this.id = id;
        this.socket = socket;
    }

    public int id() {
        return id;
    }

    public String remoteAddress() {
        return socket.getInetAddress().getHostAddress() + ":" + socket.getPort();
    }

    /** The name that the client gave in its greeting, empty when it gave none. */
    public String applicationName() {
        return applicationName;
    }

    public void applicationName(String name) {
        this.applicationName = name;
    }

    /** Cuts the connection, also under a command that is running. */
    public void close() {
        try {
            socket.close();
        } catch (IOException _) {
            // The client sees the end of the stream either way.
        }
    }

    /** Serves until the client leaves or the connection is cut. */
    void serve(RequestHandler handler) {
        try (socket) {
            DataInputStream in =
                    new DataInputStream(new BufferedInputStream(socket.getInputStream(), 1 << 16));
            OutputStream out = socket.getOutputStream();
            int replyId = 0;
            for (WireMessage message = WireMessage.read(in);
                    message != null;
                    message = WireMessage.read(in)) {
                @Nullable Document reply = handler.handle(this, message.body());
                if (reply == null) {
                    return;
                }
                if (message.replyExpected()) {
                    message.reply(out, ++replyId, reply);
                }
            }
        } catch (IOException
                | IllegalArgumentException
                | BufferUnderflowException
                | IndexOutOfBoundsException _) {
            // A client that goes without a word, or sends no BSON, is cut off; there is no reply to
            // give.
        }
    }
}
