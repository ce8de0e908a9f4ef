package dev.cdcpipeline.syncer.plan;

import dev.cdcpipeline.model.BsonBytes;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.Optional;

/**
 * One record, in the arrays that it shares with others. To be read only while its {@link Block} is
 * in use; changes nothing, so several threads may.
 */
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
        for (int header = valueEnd(); header < end(); header = headerAfter(header)) {
            if (headerName(header).equals(name)) {
                last = headerValue(header);
            }
        }
        return last;
    }

    /** The record as Kafka had it, without its leader epoch and the type of its time; a copy. */
    public ConsumerRecord<byte[], byte[]> toRecord() {
        var headers = new RecordHeaders();
        for (int header = valueEnd(); header < end(); header = headerAfter(header)) {
            headers.add(headerName(header), headerValue(header));
        }
        return new ConsumerRecord<byte[], byte[]>(
                partition.topic(),
                partition.partition(),
                offset(),
                columns.timestamps()[at],
                TimestampType.NO_TIMESTAMP_TYPE,
                columns.keys()[at],
                columns.values()[at],
                key(),
                copy(valueStart(), columns.values()[at]),
                headers,
                Optional.empty());
    }

    private int end() {
        return columns.ends()[at];
    }

    /** Of the header that starts there. */
    private String headerName(int header) {
        return columns.headerNames().get(BsonBytes.int32(array(), header));
    }

    private int headerLength(int header) {
        return BsonBytes.int32(array(), header + Integer.BYTES);
    }

    private byte @Nullable [] headerValue(int header) {
        return copy(header + RecordColumns.BEFORE_HEADER, headerLength(header));
    }

    private int headerAfter(int header) {
        return header + RecordColumns.BEFORE_HEADER + Math.max(0, headerLength(header));
    }

    private byte @Nullable [] copy(int start, int length) {
        return length < 0 ? null : Arrays.copyOfRange(array(), start, start + length);
    }
}
