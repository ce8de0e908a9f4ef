package dev.cdcpipeline.syncer.plan;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** One record, in the arrays that it shares with others. Immutable, thread-safe. */
public final class RecordView {
    private final TopicPartition partition;
    private final RecordColumns columns;
    private final int at;

    /**
     * @param at which element of each column
     */
    RecordView(TopicPartition partition, RecordColumns columns, int at) {
        this.partition = partition;
        this.columns = columns;
        this.at = at;
    }

    /** Its offset. */
    public long offset() {
        return columns.offsets()[at];
    }

    /** Where it is. */
    public RecordId id() {
        return new RecordId(partition.topic(), partition.partition(), offset());
    }

    /** Does it say its leader epoch? */
    boolean hasLeaderEpoch() {
        return leaderEpoch() != Progress.UNKNOWN_EPOCH;
    }

    /** Kafka's leader epoch. */
    int leaderEpoch() {
        return columns.leaderEpochs()[at];
    }

    /** Has it no value? */
    boolean isTombstone() {
        return columns.values()[at] < 0;
    }

    /** The array that its value is in; not to be changed. */
    byte[] array() {
        return columns.bytes();
    }

    /** Where its value starts in the array. */
    int valueStart() {
        return columns.start(at) + Math.max(0, columns.keys()[at]);
    }

    /** The index in the array after its value. */
    int valueEnd() {
        return valueStart() + Math.max(0, columns.values()[at]);
    }

    /** A copy of its key; null if it has none. */
    byte @Nullable [] key() {
        return copy(columns.start(at), columns.keys()[at]);
    }

    /** A copy of the value of its last header of this name; null if there is none. */
    byte @Nullable [] lastHeader(String name) {
        byte[] last = null;
        ByteBuffer headers = headers();
        while (headers.hasRemaining()) {
            boolean found = columns.headerNames().get(headers.getInt()).equals(name);
            int length = headers.getInt();
            last = found ? copy(headers.position(), length) : last;
            headers.position(headers.position() + Math.max(0, length));
        }
        return last;
    }

    /** The record as Kafka had it, but for its time and leader epoch; a copy. */
    public ConsumerRecord<byte[], byte[]> toRecord() {
        ConsumerRecord<byte[], byte[]> record =
                new ConsumerRecord<byte[], byte[]>(
                        partition.topic(),
                        partition.partition(),
                        offset(),
                        key(),
                        copy(valueStart(), columns.values()[at]));
        ByteBuffer headers = headers();
        while (headers.hasRemaining()) {
            String name = columns.headerNames().get(headers.getInt());
            int length = headers.getInt();
            record.headers().add(name, copy(headers.position(), length));
            headers.position(headers.position() + Math.max(0, length));
        }
        return record;
    }

    private ByteBuffer headers() {
        int start = valueEnd();
        return ByteBuffer.wrap(columns.bytes(), start, columns.ends()[at] - start);
    }

    private byte @Nullable [] copy(int start, int length) {
        return length < 0 ? null : Arrays.copyOfRange(columns.bytes(), start, start + length);
    }
}
