package dev.cdcpipeline.kafka;

import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

import java.util.Map;
import java.util.concurrent.ExecutionException;

/**
 * Where the logs of partitions begin and end, as far as Kafka can tell now: a partition without a
 * leader must not keep the others waiting.
 *
 * @param known by partition
 * @param failure why some are missing, with Kafka's exception as its cause; null if none is
 */
public record LogExtents(
        Map<TopicPartition, LogExtent> known, @Nullable ExecutionException failure) {

    /**
     * Where a partition's log begins and ends.
     *
     * @param first the first offset that is still there
     * @param end the offset after the last record
     */
    public record LogExtent(long first, long end) {}
}
