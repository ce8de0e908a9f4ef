package dev.cdcpipeline.syncer.consume;

import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;

/**
 * Bounds what one poll hands out in bytes as they are in memory (I7). Kafka's own bounds are of
 * records and of compressed bytes, of which a few may unfold to gigabytes; but it unfolds one
 * record after the other, and asks a deserializer for each. One that refuses a record ends the poll
 * before it: the poll returns what it has, and the next one begins with that record. The first
 * record of a poll is never refused.
 *
 * <p>A refused record is in memory already, and stays there until it is its turn. Of large ones
 * there must be few: see {@link LargeRecordTurns}. Belongs to the poll loop.
 */
public final class PollBudget {
    /** A refused record of this size counts as large. */
    static final int LARGE = 256 << 10;

    /** What a record costs in Kafka's objects besides its bytes, roundly. */
    private static final int OVERHEAD = 400;

    private long left;
    private boolean isFirst = true;
    private boolean refusedLarge;

    /** The bytes of a record whose value has not been seen yet, or never will as it has none. */
    private long begun;

    /** Ends the poll; it is nobody's fault and needs no stack trace. */
    private static final class FullException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        FullException() {
            super("enough for one poll", null, false, false);
        }
    }

    /** The deserializer of the consumer's keys. */
    public Deserializer<ByteBuffer> keys() {
        return new Admitting() {
            @Override
            public ByteBuffer deserialize(String topic, Headers headers, ByteBuffer key) {
                pass();
                long bytes = (long) OVERHEAD + key.remaining();
                if (bytes >= LARGE) {
                    admit(bytes); // else the value says, which nearly every record has
                }
                begun = bytes;
                return key;
            }
        };
    }

    /** The deserializer of the consumer's values. */
    public Deserializer<ByteBuffer> values() {
        return new Admitting() {
            @Override
            public ByteBuffer deserialize(String topic, Headers headers, ByteBuffer value) {
                begun = Math.max(begun, OVERHEAD) + bytes(headers) + value.remaining();
                admit(begun);
                pass();
                return value;
            }
        };
    }

    /** A new poll, and how many bytes it may hand out. */
    void renew(long bytes) {
        left = bytes;
        isFirst = true;
        refusedLarge = false;
        begun = 0;
    }

    /** Returns whether a large record was refused in this poll, and waits in memory. */
    boolean hasRefusedLarge() {
        return refusedLarge;
    }

    private void admit(long bytes) {
        if (!isFirst && bytes > left) {
            refusedLarge |= bytes >= LARGE;
            begun = 0;
            throw new FullException();
        }
    }

    /** What has begun is among the records of this poll. */
    private void pass() {
        if (begun > 0) {
            left -= begun;
            isFirst = false;
            begun = 0;
        }
    }

    private static long bytes(Headers headers) {
        long bytes = 0;
        for (Header header : headers) {
            byte[] value = header.value();
            bytes += value == null ? 0 : value.length;
        }
        return bytes;
    }

    /** Kafka calls the method with a buffer only, and only where there is one. */
    private abstract static class Admitting implements Deserializer<ByteBuffer> {
        @Override
        public @Nullable ByteBuffer deserialize(String topic, byte @Nullable [] data) {
            return data == null ? null : ByteBuffer.wrap(data);
        }

        @Override
        public abstract ByteBuffer deserialize(String topic, Headers headers, ByteBuffer data);
    }
}
