package dev.cdcpipeline.watcher.capture;

import org.jspecify.annotations.Nullable;

import java.time.Duration;

/** Where the Watcher's loop takes its events from. */
public interface EventSource extends AutoCloseable {
    /**
     * The next batch in the order of the stream; null when there is none within the time.
     *
     * @throws Exception what ended the stream for good
     */
    @Nullable EventBatch poll(Duration timeout) throws Exception;

    /** Stops reading; batches that were not polled are dropped. */
    @Override
    void close();
}
