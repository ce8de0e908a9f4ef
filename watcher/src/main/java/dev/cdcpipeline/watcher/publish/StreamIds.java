package dev.cdcpipeline.watcher.publish;

import dev.cdcpipeline.model.wire.StreamId;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.random.RandomGenerator;

/**
 * Draws the names of streams. A name is random but for its upper bits, a hash of what is captured
 * (cluster, scope, pipeline): so a Watcher that has lost its checkpoint knows the records whose
 * {@code cdc.durable} speaks of the very events that it captures.
 *
 * <p>Not thread-safe.
 */
public final class StreamIds {
    private static final int RANDOM_BITS = 40;
    private static final long RANDOM = (1L << RANDOM_BITS) - 1;

    private final long captured;
    private final RandomGenerator random;

    /**
     * Names for the streams of one Watcher.
     *
     * @param captured says which events it captures
     */
    public StreamIds(String captured, RandomGenerator random) {
        this.captured = hash(captured) & ~RANDOM;
        this.random = random;
    }

    /** A stream that there has not been before. */
    public StreamId next() {
        return new StreamId(captured | (random.nextLong() & RANDOM));
    }

    /** Whether a stream has the events that this Watcher captures, all of them and no others. */
    public boolean isMine(StreamId stream) {
        return (stream.value() & ~RANDOM) == captured;
    }

    /**
     * The name of a stream in a topic. It depends on the number of partitions: where a partition
     * gets other keys, a repetition may bring an event that it has not had, before ones that it
     * has.
     */
    static StreamId in(int partitions, StreamId stream) {
        long mixed = partitions * 0x9E3779B97F4A7C15L;
        return new StreamId(stream.value() ^ ((mixed ^ (mixed >>> 32)) & RANDOM));
    }

    private static long hash(String text) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256")
                            .digest(text.getBytes(StandardCharsets.UTF_8));
            return ByteBuffer.wrap(digest).getLong();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
