package dev.cdcpipeline.syncer.consume;

import org.apache.kafka.common.TopicPartition;

import java.util.ArrayDeque;

/** What waits of one partition, in the order of its offsets. Guarded by the {@link WorkQueue}. */
final class Lane implements Comparable<Lane> {
    private final TopicPartition partition;
    private final ArrayDeque<Entry> entries = new ArrayDeque<>();
    private long bytes;
    private int records;

    private record Entry(Chunk chunk, long since) {}

    Lane(TopicPartition partition) {
        this.partition = partition;
    }

    TopicPartition partition() {
        return partition;
    }

    void add(Chunk chunk, long now) {
        entries.add(new Entry(chunk, now));
        count(chunk, 1);
    }

    /** Since when its first record has waited; there must be one. */
    long since() {
        return entries.getFirst().since();
    }

    /** Moves its first records to the batch, as many as fit; one in any case if that is empty. */
    void moveTo(Batch batch, int most, long mostBytes) {
        int left = most;
        long leftBytes = mostBytes;
        while (!entries.isEmpty()) {
            Entry next = entries.getFirst();
            Chunk taken = next.chunk().first(left, leftBytes);
            boolean fits = left > 0 && taken.bytes() <= leftBytes;
            if (!fits && !batch.isEmpty()) {
                return;
            }
            entries.removeFirst();
            if (taken.records().size() < next.chunk().records().size()) {
                entries.addFirst(new Entry(next.chunk().without(taken), next.since()));
            }
            batch.add(taken);
            count(taken, -1);
            left -= taken.records().size();
            leftBytes -= taken.bytes();
        }
    }

    /** What its first record takes; there must be one. */
    long firstBytes() {
        return entries.getFirst().chunk().first(1, 0).bytes();
    }

    void clear() {
        entries.clear();
        bytes = 0;
        records = 0;
    }

    private void count(Chunk chunk, int sign) {
        bytes += sign * chunk.bytes();
        records += sign * chunk.records().size();
    }

    boolean isEmpty() {
        return entries.isEmpty();
    }

    long bytes() {
        return bytes;
    }

    int records() {
        return records;
    }

    /** The longest waiting first; neither is empty. */
    @Override
    public int compareTo(Lane other) {
        return Long.signum(since() - other.since()); // a difference, as nanoTime may wrap
    }
}
