package dev.cdcpipeline.syncer.plan;

import dev.cdcpipeline.model.Position;
import dev.cdcpipeline.model.Version;
import dev.cdcpipeline.model.wire.RecordHeaders;
import dev.cdcpipeline.model.wire.RecordKind;
import dev.cdcpipeline.model.wire.StreamId;

import org.jspecify.annotations.Nullable;

/**
 * Follows the records of one partition and tells which of them were surely applied before, and
 * which may be late; see decision 10. Not thread-safe.
 */
final class RedeliveryGuard {
    private final PartitionId partition;
    private @Nullable Stretch stretch;
    private Version newestRemoval;

    RedeliveryGuard(Progress from) {
        this.partition = from.partition();
        this.stretch = from.stretch();
        this.newestRemoval = from.newestRemoval();
    }

    PartitionId partition() {
        return partition;
    }

    /**
     * Something may be missing here: offsets without records, as compaction leaves them, or a
     * record that was set aside.
     */
    void gap() {
        stretch = stretch == null ? null : stretch.broken();
    }

    /**
     * Whether a record is part of a stream. A dead letter that was put back is not.
     *
     * @param headers of our own; null if it has none
     */
    static boolean isOfStream(@Nullable RecordHeaders headers, boolean isPutBack) {
        return headers != null && headers.stream() != null && !isPutBack;
    }

    /**
     * Whether a record of a stream was surely applied (I1). A snapshot's rows are not events of the
     * stream and have no place in its order: the version guard is theirs.
     */
    boolean isRedelivery(RecordHeaders headers) {
        StreamId stream = headers.stream();
        Position position = headers.position();
        return stretch != null
                && stream != null
                && position != null
                && headers.kind() != RecordKind.SNAPSHOT
                && stretch.holds(stream, position);
    }

    /** A record of a stream was taken in. */
    void passed(RecordHeaders headers) {
        StreamId stream = headers.stream();
        Position position = headers.position();
        if (stream != null && position != null && headers.kind() != RecordKind.SNAPSHOT) {
            stretch = Stretch.after(stretch, stream, position);
        }
    }

    /** Rows of this version or a lower one were removed. */
    void removed(Version version) {
        newestRemoval = version.compareTo(newestRemoval) > 0 ? version : newestRemoval;
    }

    /**
     * Why a row may have been removed before this put of it (I3); null if it cannot be. Of other
     * programs' records a document's are all in one partition, so that only its own deletes count;
     * those of Watchers before streams may be in another one than today's. The copies that the
     * official connector makes say no time: they are always taken for new.
     *
     * @param isForeign whether it has no headers of ours
     * @param isPutBack whether it is a dead letter that was put back
     */
    @Nullable Late late(RecordHeaders headers, boolean isForeign, boolean isPutBack) {
        boolean isCopy = headers.kind() == RecordKind.SNAPSHOT;
        Version version = headers.version();
        if (isCopy && version.equals(Version.ZERO)) {
            return null;
        }
        boolean isOfStream = !isForeign && isOfStream(headers, isPutBack);
        boolean isInPlace = isOfStream || (isForeign && !isPutBack);
        boolean isNewest = isInPlace && version.compareTo(newestRemoval) >= 0;
        // A copy that was set aside came before the sweep.
        return isNewest ? null : new Late(partition, isCopy && !isPutBack, isOfStream);
    }

    /** How far the partition is, with this offset as the next one. */
    Progress progress(long nextOffset, int leaderEpoch) {
        return new Progress(partition, nextOffset, stretch, newestRemoval, leaderEpoch);
    }
}
