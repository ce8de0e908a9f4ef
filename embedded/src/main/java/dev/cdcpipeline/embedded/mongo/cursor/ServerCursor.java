package dev.cdcpipeline.embedded.mongo.cursor;

/** A result that is taken in batches. Used by one command at a time. */
public interface ServerCursor {

    /**
     * The next documents.
     *
     * @param limit how many at most; {@link Integer#MAX_VALUE} when the client does not say
     * @param awaitMillis how long to wait for the first one, where the cursor waits at all
     */
    Batch next(int limit, long awaitMillis);

    /** Ends a wait in progress. */
    default void close() {}
}
