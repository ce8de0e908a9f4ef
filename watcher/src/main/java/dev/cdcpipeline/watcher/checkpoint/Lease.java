package dev.cdcpipeline.watcher.checkpoint;

import java.io.IOException;

/**
 * The right to lead among Watchers with one name. Whoever takes it over fences its predecessor: the
 * predecessor's saves are refused from then on (I4). Used by one thread at a time.
 */
public interface Lease extends AutoCloseable {
    /** The lease of a Watcher that is alone by other means, such as a locked file. */
    Lease ALONE =
            new Lease() {
                @Override
                public boolean holdOrTake() {
                    return true;
                }

                @Override
                public void close() {
                    // Nothing is held.
                }
            };

    /**
     * Takes the lease when nobody has it, or holds it for another term.
     *
     * @return whether this Watcher leads now
     * @throws IOException when that cannot be known
     */
    boolean holdOrTake() throws IOException;

    /** Gives the lease back, so that another Watcher need not wait for its end. */
    @Override
    void close() throws IOException;
}
