package dev.cdcpipeline.model.wire;

import dev.cdcpipeline.model.ChangeEvent;

import org.jspecify.annotations.Nullable;

/**
 * A change event whose document is not read yet: enough to say where the document goes, at a part
 * of the cost. The document's own text was not checked; {@link DocumentRenderer} does that.
 *
 * @param event the event, possibly without what it holds of the document; over bytes that the
 *     reader uses again, so valid until it reads the next message
 * @param fullDocument the document after the change; null when the event has none
 */
public record EventOutline(ChangeEvent event, @Nullable DocumentSlice fullDocument) {}
