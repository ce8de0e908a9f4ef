package dev.cdcpipeline.syncer.plan;

import dev.cdcpipeline.model.Position;
import dev.cdcpipeline.model.wire.StreamId;

import org.jspecify.annotations.Nullable;

/**
 * What a partition has surely applied of a stream: every event of it from one position to another.
 * Only what is within it is a re-delivery (I1): before it, and behind a gap, the first copy of an
 * event may have been lost.
 *
 * @param stream the stream; null in a ledger that was written before streams had names
 * @param since where it begins; null after a gap: then the next event beyond {@code reached} begins
 *     it anew
 * @param reached the highest position of the stream that was seen
 */
public record Stretch(@Nullable StreamId stream, @Nullable Position since, Position reached) {

    /** The stretch after the next record, which has this place in this stream. */
    static Stretch after(@Nullable Stretch before, StreamId stream, Position position) {
        return before == null || !stream.equals(before.stream)
                ? new Stretch(stream, position, position)
                : before.extendedTo(position);
    }

    /**
     * A record that is not beyond it, and was applied all the same, breaks it: what follows was
     * applied after it once, and must be so again, as changes of a document in one transaction have
     * the same version.
     */
    private Stretch extendedTo(Position position) {
        if (position.compareTo(reached) <= 0) {
            return broken();
        }
        boolean begins = since == null || position.generation() > reached.generation();
        return new Stretch(stream, begins ? position : since, position);
    }

    /** Whether the event with this place in this stream was surely applied. */
    boolean holds(StreamId ofStream, Position position) {
        return since != null
                && ofStream.equals(stream)
                && since.compareTo(position) <= 0
                && position.compareTo(reached) <= 0;
    }

    /** The stretch where something may be missing from here on. */
    Stretch broken() {
        return since == null ? this : new Stretch(stream, null, reached);
    }
}
