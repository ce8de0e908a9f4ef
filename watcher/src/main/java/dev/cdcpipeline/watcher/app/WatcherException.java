package dev.cdcpipeline.watcher.app;

import dev.cdcpipeline.platform.failure.Explained;

/** Why the Watcher cannot go on, said to an operator: what, where, and what to do. */
public final class WatcherException extends Exception implements Explained {
    private static final long serialVersionUID = 1;

    WatcherException(String message, Throwable cause) {
        super(message, cause);
    }
}
