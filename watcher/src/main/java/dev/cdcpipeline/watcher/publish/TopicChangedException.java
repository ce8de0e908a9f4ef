package dev.cdcpipeline.watcher.publish;

import org.apache.kafka.common.errors.RetriableException;

/**
 * A topic is not the one that this session publishes to any more: it was deleted, created anew, or
 * given partitions. A new session makes it, or learns what it is now.
 */
final class TopicChangedException extends RetriableException {
    private static final long serialVersionUID = 1L;

    TopicChangedException(String message) {
        super(message);
    }
}
