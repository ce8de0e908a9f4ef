package dev.cdcpipeline.watcher.publish;

import dev.cdcpipeline.model.Position;
import dev.cdcpipeline.model.wire.RecordHeaders;
import dev.cdcpipeline.model.wire.StreamId;

import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;

import java.util.Collection;

/**
 * The headers that say which stream a record belongs to and what was durable when it was sent.
 * Records share them, so that they cost nothing to make and little to send. One thread.
 */
public final class StreamHeaders {
    private final StreamIds ids;
    private StreamId stream;
    private @Nullable Position durable;
    private @Nullable Header durableHeader;
    private int durableBytes;
    private int partitions;
    private @Nullable Header streamHeader;

    /**
     * Headers of the records after a place.
     *
     * @param stream the stream they belong to
     * @param durable up to where everything is durable already, null where that is not known
     */
    public StreamHeaders(StreamIds ids, StreamId stream, @Nullable Position durable) {
        this.ids = ids;
        this.stream = stream;
        durable(durable);
    }

    /** The stream that the next record belongs to. */
    public StreamId stream() {
        return stream;
    }

    /** An event is left out here: what comes next is another stream. */
    void leaveOut() {
        stream = ids.next();
        streamHeader = null;
    }

    /** Takes the position up to which everything is durable; null changes nothing. */
    void durable(@Nullable Position reached) {
        if (reached != null && !reached.equals(durable)) {
            byte[] bytes = RecordHeaders.bytes(reached);
            durable = reached;
            durableHeader = new RecordHeader(RecordHeaders.DURABLE, bytes);
            durableBytes = bytes.length;
        }
    }

    /** Bytes of what is durable, which has no bound but that of an {@code _id}. */
    int bytes() {
        return durableBytes;
    }

    /** Adds the headers of a record of a topic with this many partitions. */
    void addTo(Collection<Header> headers, int partitionsOfTopic) {
        Header named = streamHeader;
        if (named == null || partitionsOfTopic != partitions) {
            byte[] name = StreamIds.in(partitionsOfTopic, stream).toBytes();
            named = new RecordHeader(RecordHeaders.STREAM, name);
            streamHeader = named;
            partitions = partitionsOfTopic;
        }
        headers.add(named);
        if (durableHeader != null) {
            headers.add(durableHeader);
        }
    }
}
