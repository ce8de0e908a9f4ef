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
    private final @Nullable LogTruncation truncation;
    private final @Nullable Progress before;
    private volatile @Nullable Progress progress;
    private volatile boolean ended;
    private volatile long logEnd;
    private volatile boolean endIsUnknown;
    private long handedOut;

    Claim(TopicPartition partition) {
        this(partition, null, null);
    }

    /**
     * A claim on a partition that this instance had before.
     *
     * @param truncation where Kafka's log was found truncated; null if it was not
     * @param before how far this instance had applied it; null if it was not open
     */
    Claim(TopicPartition partition, @Nullable LogTruncation truncation, @Nullable Progress before) {
        this.partition = partition;
        this.truncation = truncation;
        this.before = before;
    }

    TopicPartition partition() {
        return partition;
    }

    /** Where Kafka's log was found truncated; null if it was not. */
    @Nullable LogTruncation truncation() {
        return truncation;
    }

    /** How far this instance had applied it when it started over; null if it did not. */
    @Nullable Progress before() {
        return before;
    }

    /** How far it is applied; null if it is not open yet. */
    @Nullable Progress reached() {
        return progress;
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

    /**
     * What is before this offset goes to the worker; false if it had that already. For the poll
     * loop only.
     */
    boolean handOut(long nextOffset) {
        if (nextOffset <= handedOut) {
            return false;
        }
        handedOut = nextOffset;
        return true;
    }

    /** Kafka's log of the partition ended here, when it was looked at last. */
    void logEndsAt(long offset) {
        logEnd = offset;
        endIsUnknown = false;
    }

    /** Kafka could not say where the log ends. */
    void logEndsSomewhere() {
        endIsUnknown = true;
    }

    /** Returns whether Kafka could not say where the log ends when it was asked last. */
    boolean endIsUnknown() {
        return endIsUnknown;
    }

    /** Returns whether Kafka has offsets that were not handed out. For the poll loop only. */
    boolean isUnread() {
        return logEnd > handedOut;
    }

    /** Up to where records were handed out; -1 while it is not open. For the poll loop only. */
    long handedOut() {
        return isOpen() ? handedOut : -1;
    }

    /**
     * How many offsets Kafka has that are not applied. For the poll loop only.
     *
     * @param notPolled how many are not polled yet, as far as the consumer knows: while the
     *     partition is paused it hears of no new ones
     */
    long behind(long notPolled) {
        long applied = progress().nextOffset();
        return Math.max(Math.max(0, handedOut - applied) + notPolled, logEnd - applied);
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
