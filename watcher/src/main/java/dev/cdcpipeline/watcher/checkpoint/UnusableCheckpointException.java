package dev.cdcpipeline.watcher.checkpoint;

import dev.cdcpipeline.platform.failure.Explained;

/** There is a checkpoint, and it must not be used. Only an operator can say how to go on (I5). */
public final class UnusableCheckpointException extends RuntimeException implements Explained {
    private static final long serialVersionUID = 1;

    UnusableCheckpointException(String message) {
        super(message);
    }

    UnusableCheckpointException(String message, Throwable cause) {
        super(message, cause);
    }
}
