package dev.cdcpipeline.syncer.plan;

import dev.cdcpipeline.model.wire.DocumentSlice;
import dev.cdcpipeline.model.wire.JsonSlice;
import dev.cdcpipeline.model.wire.LargeDocument;
import dev.cdcpipeline.model.wire.RenderedDocument;

/**
 * The memory for the rendered documents of a batch, besides that of its records (I7): as JSON a
 * document may take many times its bytes. Not thread-safe.
 */
final class RenderingRoom {
    private final long most;
    private long taken;

    RenderingRoom(long most) {
        this.most = most;
    }

    /**
     * Counts what a rendered document holds. There is always room for one.
     *
     * @throws BatchTooLargeException when there is no room for it beside the others
     */
    @SuppressWarnings("ReferenceEquality") // is it the array of the message?
    void take(DocumentSlice document, RenderedDocument rendered) {
        int held =
                switch (rendered) {
                    case JsonSlice slice when slice.array() == document.array() -> 0;
                    case JsonSlice slice -> slice.length();
                    case LargeDocument _ -> 0;
                };
        if (taken > 0 && taken + held > most) {
            throw new BatchTooLargeException();
        }
        taken += held;
    }
}
