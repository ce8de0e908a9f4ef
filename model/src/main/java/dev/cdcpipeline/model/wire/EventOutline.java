package dev.cdcpipeline.model.wire;

import dev.cdcpipeline.model.ChangeEvent;
import dev.cdcpipeline.model.MalformedMessageException;

import org.jspecify.annotations.Nullable;

/**
 * A change event whose document is not read yet: enough to say where the document goes, at a part
 * of the cost. The document's own text was not checked; {@link DocumentRenderer} does that. Valid
 * until its reader reads the next message.
 */
public sealed interface EventOutline permits EventOutline.OfAnyKind, UsualEvent {

    /** The document after the change; null when the event has none. */
    @Nullable DocumentSlice fullDocument();

    /**
     * What the event itself says, for a record without headers.
     *
     * @throws MalformedMessageException when it cannot be read
     */
    RecordHeaders headers();

    /** When the server made the change, in milliseconds since 1970; null if it does not say. */
    @Nullable Long wallMillis();

    /**
     * Any event.
     *
     * @param event the event, possibly without what it holds of the document; over bytes that the
     *     reader uses again
     * @param fullDocument the document after the change; null when the event has none
     */
    record OfAnyKind(ChangeEvent event, @Nullable DocumentSlice fullDocument)
            implements EventOutline {

        @Override
        public RecordHeaders headers() {
            return RecordHeaders.of(event);
        }

        @Override
        public @Nullable Long wallMillis() {
            var time = event.wallTime();
            return time == null ? null : (Long) time.toEpochMilli();
        }
    }
}
