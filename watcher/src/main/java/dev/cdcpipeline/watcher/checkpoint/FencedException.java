package dev.cdcpipeline.watcher.checkpoint;

/** Another Watcher leads now, so that this one must not write any more (I4). */
public final class FencedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** Makes the exception with a sentence that says who leads, where that is known. */
    public FencedException(String message) {
        super(message);
    }
}
