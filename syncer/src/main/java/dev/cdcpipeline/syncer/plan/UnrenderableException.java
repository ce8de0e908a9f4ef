package dev.cdcpipeline.syncer.plan;

/** A document that a {@code jsonb} column cannot hold. The text holds no document values. */
public final class UnrenderableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * @param says what it is and where, in a sentence
     * @param cause what found it
     */
    public UnrenderableException(String says, Throwable cause) {
        super(says, cause);
    }
}
