package dev.cdcpipeline.model.wire;

import dev.cdcpipeline.model.ChangeEvent;
import dev.cdcpipeline.model.MalformedMessageException;
import dev.cdcpipeline.model.PipelineEvents;
import dev.cdcpipeline.model.Position;
import dev.cdcpipeline.model.ResumeToken;
import dev.cdcpipeline.model.Version;

import org.bson.BsonTimestamp;
import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * The headers of a Kafka record, from which the Syncer orders and filters without reading the
 * value.
 *
 * @param position the event's place in the stream, header {@code cdc.position}: the generation as 8
 *     bytes, big-endian, then the token's bytes; null, and then no header, for a record that comes
 *     from no change stream
 * @param version the version of the rows that the record makes, header {@code cdc.version}: 8
 *     bytes, big-endian
 * @param kind what the record is, header {@code cdc.kind}: lower-case ASCII
 * @param stream the stream of records that the position belongs to, header {@code cdc.stream};
 *     null, and then no header, in records of other programs and of Watchers before this header
 */
public record RecordHeaders(
        @Nullable Position position, Version version, RecordKind kind, @Nullable StreamId stream) {

    public static final String POSITION = "cdc.position";
    public static final String VERSION = "cdc.version";
    public static final String KIND = "cdc.kind";
    public static final String STREAM = "cdc.stream";

    /**
     * The position up to which the Watcher knew everything to be durable in Kafka when it sent the
     * record, in the bytes of {@link #POSITION}. For a Watcher that has lost its checkpoint; no
     * reader of the records needs it.
     */
    public static final String DURABLE = "cdc.durable";

    /** Headers of a record that belongs to no stream that is known. */
    public RecordHeaders(@Nullable Position position, Version version, RecordKind kind) {
        this(position, version, kind, null);
    }

    /** Gives every header, name and bytes, to the consumer. */
    public void forEach(BiConsumer<String, byte[]> consumer) {
        if (position != null) {
            consumer.accept(POSITION, bytes(position));
        }
        consumer.accept(VERSION, bytes(version));
        consumer.accept(KIND, kind.toBytes());
        if (stream != null) {
            consumer.accept(STREAM, stream.toBytes());
        }
    }

    /**
     * Reads the headers of a record.
     *
     * @param header the value of the last header of a name; null when there is none
     * @return null when the record has neither position, version nor kind, as one that another
     *     program wrote; then see {@link #of(ChangeEvent)}
     * @throws MalformedMessageException when they are there and are not what they should be
     */
    public static @Nullable RecordHeaders read(Function<String, byte @Nullable []> header) {
        byte[] position = header.apply(POSITION);
        byte[] version = header.apply(VERSION);
        byte[] kind = header.apply(KIND);
        if (position == null && version == null && kind == null) {
            return null;
        }
        if (version == null || kind == null) {
            throw new MalformedMessageException(
                    "a record with the header " + (version == null ? KIND : VERSION) + " only", 0);
        }
        byte[] stream = header.apply(STREAM);
        return new RecordHeaders(
                position == null ? null : position(position),
                version(version),
                kind(kind),
                stream == null ? null : StreamId.of(stream));
    }

    /**
     * What the value itself says, for a record without headers: the position in generation 0 (null
     * without a token), the version of the cluster time (lowest without one), the kind by the
     * operation: a sweep for what ends a collection.
     */
    public static RecordHeaders of(ChangeEvent event) {
        BsonTimestamp time = event.clusterTime();
        return new RecordHeaders(
                event.hasResumeToken() ? new Position(0, event.resumeToken()) : null,
                time == null ? Version.ZERO : version(time),
                kind(event));
    }

    private static RecordKind kind(ChangeEvent event) {
        return switch (event.operationType()) {
            case DROP, RENAME, DROP_DATABASE -> RecordKind.SWEEP;
            case INSERT ->
                    PipelineEvents.isSnapshot(event) ? RecordKind.SNAPSHOT : RecordKind.CHANGE;
            case OTHER -> PipelineEvents.isSweep(event) ? RecordKind.SWEEP : RecordKind.CHANGE;
            case UPDATE, REPLACE, DELETE, INVALIDATE -> RecordKind.CHANGE;
        };
    }

    private static Version version(BsonTimestamp time) {
        if (time.getInc() < 0) {
            throw new MalformedMessageException("a cluster time with an increment over 31 bits", 0);
        }
        return Version.of(time);
    }

    /** The bytes of a position, as in {@link #POSITION} and {@link #DURABLE}. */
    public static byte[] bytes(Position position) {
        byte[] token = position.token().toBytes();
        return ByteBuffer.allocate(Long.BYTES + token.length)
                .putLong(position.generation())
                .put(token)
                .array();
    }

    private static byte[] bytes(Version version) {
        return ByteBuffer.allocate(Long.BYTES).putLong(version.value()).array();
    }

    /**
     * The position in the bytes of a header.
     *
     * @throws MalformedMessageException when there is none
     */
    public static Position position(byte[] header) {
        if (header.length <= Long.BYTES || header[0] < 0) {
            throw new MalformedMessageException(
                    "a header " + POSITION + " of " + header.length + " bytes", 0);
        }
        byte[] token = Arrays.copyOfRange(header, Long.BYTES, header.length);
        return new Position(ByteBuffer.wrap(header).getLong(), ResumeToken.ofBytes(token));
    }

    private static Version version(byte[] header) {
        if (header.length != Long.BYTES || header[0] < 0) {
            throw new MalformedMessageException(
                    "a header " + VERSION + " of " + header.length + " bytes", 0);
        }
        return new Version(ByteBuffer.wrap(header).getLong());
    }

    private static RecordKind kind(byte[] header) {
        RecordKind kind = RecordKind.of(header);
        if (kind == null) {
            throw new MalformedMessageException("a header " + KIND + " of unknown content", 0);
        }
        return kind;
    }
}
