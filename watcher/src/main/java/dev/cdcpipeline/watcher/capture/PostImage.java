package dev.cdcpipeline.watcher.capture;

/** Where the whole document of an update event comes from. */
public enum PostImage {
    /** The Watcher looks the documents up itself, a batch at a time. */
    BATCHED,
    /** The server looks each document up ({@code fullDocument: updateLookup}). */
    SERVER,
    /**
     * The server has kept the post-image of each change ({@code fullDocument: required}, MongoDB
     * 6.0).
     */
    REQUIRED,
    /** A post-image where the server has kept one, otherwise as {@link #BATCHED}. */
    WHEN_AVAILABLE,
    /** From nowhere: updates carry only what changed. */
    OFF;

    /** Whether the Watcher itself looks up what the stream leaves out. */
    public boolean looksUp() {
        return this == BATCHED || this == WHEN_AVAILABLE;
    }
}
