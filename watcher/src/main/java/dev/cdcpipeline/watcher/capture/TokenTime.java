package dev.cdcpipeline.watcher.capture;

import dev.cdcpipeline.model.ResumeToken;

import org.bson.BsonTimestamp;
import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;

/** The cluster time that a resume token begins with, in the server's key strings. */
public final class TokenTime {
    private static final byte TIMESTAMP = (byte) 0x82;

    private TokenTime() {}

    /** The cluster time; null where the token is of another make. */
    public static @Nullable BsonTimestamp of(ResumeToken token) {
        byte[] bytes = token.toBytes();
        if (bytes.length < 1 + Long.BYTES || bytes[0] != TIMESTAMP) {
            return null;
        }
        ByteBuffer time = ByteBuffer.wrap(bytes, 1, Long.BYTES);
        return new BsonTimestamp(time.getInt(), time.getInt());
    }
}
