package dev.cdcpipeline.syncer.plan;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Consecutive records of one partition, in a few arrays that they share. Records wait by the ten
 * thousand, and the collector copies what waits: as Kafka's own objects, each would be a dozen
 * small ones. Immutable, thread-safe.
 */
public final class Records {
    /** What a record costs in memory besides its bytes, roundly: see {@link RecordColumns}. */
    private static final long OVERHEAD = 32;

    /** What the arrays cost besides: counted with the first record, as a poll may bring but one. */
    private static final long SHARED = 250;

    private final TopicPartition partition;
    private final RecordColumns columns;
    private final int from;
    private final int to;

    Records(TopicPartition partition, RecordColumns columns, int from, int to) {
        this.partition = partition;
        this.columns = columns;
        this.from = from;
        this.to = to;
    }

    /**
     * Copies what a poll returned of a partition, so that Kafka's buffers need not be kept.
     *
     * @return the records in order, some hundred kilobytes at a time; without records, one that is
     *     empty
     */
    public static List<Records> copyOf(
            TopicPartition partition, List<ConsumerRecord<ByteBuffer, ByteBuffer>> polled) {
        var copies = new ArrayList<Records>();
        int copied = 0;
        do {
            var rest = polled.subList(copied, polled.size());
            Records next = RecordsCopy.ofFirst(partition, rest);
            copies.add(next);
            copied += next.size();
        } while (copied < polled.size());
        return copies;
    }

    /** How many there are. */
    public int size() {
        return to - from;
    }

    /** Are there none? */
    public boolean isEmpty() {
        return size() == 0;
    }

    /** One of them, counted from 0. */
    public RecordView get(int index) {
        return new RecordView(partition, columns, from + index);
    }

    /** Each, in order. */
    public Stream<RecordView> stream() {
        return IntStream.range(0, size()).mapToObj(this::get);
    }

    /** Roughly the memory that they take, in bytes. */
    public long bytes() {
        return bytes(size());
    }

    private long bytes(int first) {
        long shared = from == 0 && first > 0 ? SHARED : 0;
        return shared + OVERHEAD * first + columns.start(from + first) - columns.start(from);
    }

    /** How many of the first ones take no more memory than that. */
    public int fitting(long mostBytes) {
        int fit = 0;
        int above = size() + 1;
        while (above - fit > 1) {
            int middle = (fit + above) >>> 1;
            if (bytes(middle) <= mostBytes) {
                fit = middle;
            } else {
                above = middle;
            }
        }
        return fit;
    }

    /** The first ones, so many. */
    public Records first(int count) {
        return new Records(partition, columns, from, from + count);
    }

    /** What comes after the first ones. */
    public Records after(int count) {
        return new Records(partition, columns, from + count, to);
    }
}
