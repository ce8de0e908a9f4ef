package dev.cdcpipeline.platform.failure;

/** A failure of somebody else's code, explained to the operator. */
public final class ExplainedException extends Exception implements Explained {
    private static final long serialVersionUID = 1L;

    /**
     * An explanation of what was found, not thrown.
     *
     * @param message what is wrong, where, and what to do
     */
    public ExplainedException(String message) {
        super(message);
    }

    /**
     * An explanation.
     *
     * @param message what went wrong, where, and what to do
     * @param cause what was thrown
     */
    public ExplainedException(String message, Throwable cause) {
        super(message, cause);
    }
}
