package dev.cdcpipeline.syncer.plan;

/** The documents of a batch take more memory than it may, so that it must be written in parts. */
public final class BatchTooLargeException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BatchTooLargeException() {
        super("a batch of several documents whose JSON is larger than a batch may be");
    }
}
