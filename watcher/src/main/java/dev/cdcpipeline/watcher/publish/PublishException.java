package dev.cdcpipeline.watcher.publish;

/** Kafka did not take a record. The records after it may not be published before it is (I1). */
public final class PublishException extends Exception {
    private static final long serialVersionUID = 1;

    PublishException(String message, Throwable cause) {
        super(message, cause);
    }
}
