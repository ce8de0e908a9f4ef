package dev.cdcpipeline.model.wire;

import dev.cdcpipeline.model.MalformedMessageException;

import java.nio.ByteBuffer;

/**
 * Names a stream of records: what one Watcher publishes from one start without a checkpoint on,
 * over all of its restarts. Within a stream no event is left out: after any record of a partition
 * comes the next event of that partition, or a repetition of earlier ones that leads up to it. So
 * what lies between two positions of a stream that were read without a gap was read, too.
 *
 * @param value means nothing to a reader but that another one is another stream
 */
public record StreamId(long value) {

    /**
     * Reads what {@link #toBytes()} wrote.
     *
     * @throws MalformedMessageException when the bytes are not a stream's
     */
    static StreamId of(byte[] header) {
        if (header.length != Long.BYTES) {
            throw new MalformedMessageException(
                    "a header " + RecordHeaders.STREAM + " of " + header.length + " bytes", 0);
        }
        return new StreamId(ByteBuffer.wrap(header).getLong());
    }

    /** As 8 bytes, big-endian. */
    public byte[] toBytes() {
        return ByteBuffer.allocate(Long.BYTES).putLong(value).array();
    }
}
