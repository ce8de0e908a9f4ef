package dev.cdcpipeline.watcher.checkpoint;

import dev.cdcpipeline.model.Position;

/** Hears how saving goes; for health and metrics. Called by the thread that saves. */
public interface SaveListener {
    /** A position is being saved; {@link #saved} or {@link #failed} follows. */
    void saving();

    /** A position was saved. */
    void saved(Position position);

    /** Saving failed; it is tried again. */
    void failed(Exception cause);

    /** The thread that saves has died: nothing is saved any more. */
    void died(Throwable cause);
}
