package dev.cdcpipeline.syncer.support;

import dev.cdcpipeline.syncer.plan.RecordBlocks;
import dev.cdcpipeline.syncer.plan.Records;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.LongStream;

/** Makes what a poll returned. */
public final class Polled {
    private Polled() {}

    /** So many records without content, with offsets from this one on. */
    public static Records records(TopicPartition partition, long from, int count) {
        List<ConsumerRecord<ByteBuffer, ByteBuffer>> polled =
                LongStream.range(from, from + count)
                        .mapToObj(offset -> record(partition, offset))
                        .toList();
        return new RecordBlocks(1 << 20).copy(partition, polled).getFirst();
    }

    private static ConsumerRecord<ByteBuffer, ByteBuffer> record(
            TopicPartition partition, long offset) {
        return new ConsumerRecord<>(
                partition.topic(),
                partition.partition(),
                offset,
                ByteBuffer.allocate(8),
                ByteBuffer.allocate(8));
    }
}
