package dev.cdcpipeline.syncer.plan;

import org.apache.kafka.common.TopicPartition;

import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Consecutive records of one partition, in a few arrays that they share. Records wait by the ten
 * thousand, and the collector copies what waits: as Kafka's own objects, each would be a dozen
 * small ones. Until they are {@link #release released}, immutable and thread-safe.
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
    private final RecordBlocks home;

    Records(TopicPartition partition, RecordColumns columns, int from, int to, RecordBlocks home) {
        this.partition = partition;
        this.columns = columns;
        this.from = from;
        this.to = to;
        this.home = home;
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

    /** Whether any record of the arrays that these share has a header of one of these names. */
    boolean haveHeaderOf(Set<String> names) {
        for (String name : columns.headerNames()) {
            if (names.contains(name)) {
                return true;
            }
        }
        return false;
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
        return new Records(partition, columns, from, from + count, home);
    }

    /** What comes after the first ones. */
    public Records after(int count) {
        return new Records(partition, columns, from + count, to, home);
    }

    /**
     * Lets others have the memory: these, and what came before them in the same arrays, are applied
     * and nobody's any more. Of records that were cut, who has the last ones says so.
     *
     * @throws IllegalStateException when they were released before
     */
    public void release() {
        if (to == columns.count()) {
            columns.block().end(columns.use());
            home.giveBack(columns.block());
        }
    }
}
