package dev.cdcpipeline.watcher.checkpoint;

import java.io.IOException;
import java.util.Optional;

/**
 * Where the checkpoint is kept. Saves are monotonic: a checkpoint with an older position never
 * replaces one with a newer position, it is ignored. Used by one thread at a time.
 */
public interface CheckpointStore extends AutoCloseable {
    /**
     * The checkpoint that was saved last, none when there was never one.
     *
     * @throws IOException when the store cannot be read, or holds something that is not a
     *     checkpoint
     */
    Optional<Checkpoint> load() throws IOException;

    /**
     * Saves a checkpoint durably.
     *
     * @throws FencedException when another Watcher has taken over
     * @throws IOException when it may not have been saved
     */
    void save(Checkpoint checkpoint) throws IOException;

    @Override
    void close() throws IOException;
}
