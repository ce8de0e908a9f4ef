package dev.cdcpipeline.syncer.support;

import dev.cdcpipeline.model.wire.EventWriter;
import dev.cdcpipeline.model.wire.WireFormat;
import dev.cdcpipeline.syncer.plan.RecordBlocks;
import dev.cdcpipeline.syncer.plan.Records;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.LongStream;

/** Makes what a poll returned. */
public final class Polled {
    private Polled() {}

    /** So many records without content, with offsets from this one on. */
    public static Records records(TopicPartition partition, long from, int count) {
        return copy(
                        partition,
                        LongStream.range(from, from + count)
                                .mapToObj(offset -> malformed(partition, offset))
                                .toList())
                .getFirst();
    }

    /** These records, which are of this partition. */
    public static List<Records> copy(
            TopicPartition partition, List<ConsumerRecord<ByteBuffer, ByteBuffer>> polled) {
        return new RecordBlocks(1 << 20).copy(partition, polled);
    }

    /** A record with the event in JSON, as a Watcher writes it. */
    public static ConsumerRecord<ByteBuffer, ByteBuffer> record(
            TopicPartition partition, long offset, Events.Event event) {
        byte[] value = new EventWriter(WireFormat.JSON).value(event.event());
        var record = withValue(partition, offset, ByteBuffer.wrap(value));
        event.headers().forEach(record.headers()::add);
        return record;
    }

    /** A record without a value. */
    public static ConsumerRecord<ByteBuffer, ByteBuffer> tombstone(
            TopicPartition partition, long offset) {
        return withValue(partition, offset, null);
    }

    /** A record that is no event. */
    public static ConsumerRecord<ByteBuffer, ByteBuffer> malformed(
            TopicPartition partition, long offset) {
        return withValue(partition, offset, ByteBuffer.allocate(8));
    }

    private static ConsumerRecord<ByteBuffer, ByteBuffer> withValue(
            TopicPartition partition, long offset, @Nullable ByteBuffer value) {
        return new ConsumerRecord<>(
                partition.topic(), partition.partition(), offset, ByteBuffer.allocate(8), value);
    }
}
