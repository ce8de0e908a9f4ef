package dev.cdcpipeline.platform.lifecycle;

import dev.cdcpipeline.platform.failure.Explained;

/**
 * A stop ended in time, but not everything in flight was written, confirmed and saved by then: the
 * process ends with {@link ExitCode#DEADLINE}. It has no cause, so that nobody tries again what the
 * next start does.
 */
public final class NotDrainedException extends Exception implements Explained {
    private static final long serialVersionUID = 1L;

    /**
     * A stop that left something.
     *
     * @param message what is left, and what becomes of it
     */
    public NotDrainedException(String message) {
        super(message);
    }
}
