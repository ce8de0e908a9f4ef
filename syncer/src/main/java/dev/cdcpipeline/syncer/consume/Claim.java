package dev.cdcpipeline.syncer.consume;

import dev.cdcpipeline.syncer.plan.Progress;

import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * A partition for as long as this instance owns it and agrees with the ledger about it. When it is
 * revoked, or fenced, the claim ends for good; owning the partition again takes a new one. So what
 * is still under way for an old claim cannot be mistaken for the new one's.
 *
 * <p>The poll loop makes and ends claims; after {@link #open} the progress is the worker's.
 */
final class Claim {
    private final TopicPartition partition;
    private final WorkerQueue queue;
    private final @Nullable Cut cut;
    private volatile @Nullable Progress progress;
    private volatile boolean ended;
    private long handedOut;

    Claim(TopicPartition partition, WorkerQueue queue) {
        this(partition, queue, null);
    }

    /** A claim on a partition whose log was cut while it was applied. */
    Claim(TopicPartition partition, WorkerQueue queue, @Nullable Cut cut) {
        this.partition = partition;
        this.queue = queue;
        this.cut = cut;
    }

    TopicPartition partition() {
        return partition;
    }

    /** Where Kafka's log was found cut; null if it was not. */
    @Nullable Cut cut() {
        return cut;
    }

    /** Where the records go. */
    WorkerQueue queue() {
        return queue;
    }

    /** The ledger was read: records may come. */
    void open(Progress from) {
        handedOut = from.nextOffset();
        progress = from;
    }

    boolean isOpen() {
        return progress != null && !ended;
    }

    /** How far the partition is applied. */
    Progress progress() {
        Progress reached = progress;
        if (reached == null) {
            throw new IllegalStateException(partition + " is not open");
        }
        return reached;
    }

    /** Records up to this offset are with the worker. For the poll loop only. */
    void handedOut(long nextOffset) {
        handedOut = nextOffset;
    }

    /** How many offsets are with the worker and not applied. For the poll loop only. */
    long underWay() {
        return Math.max(0, handedOut - progress().nextOffset());
    }

    /** A batch is committed. */
    void advance(Progress to) {
        progress = to;
    }

    /** Nothing more will be written for it. */
    void end() {
        ended = true;
    }

    boolean hasEnded() {
        return ended;
    }

    @Override
    public String toString() {
        return partition.toString();
    }
}
