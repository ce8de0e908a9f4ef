package dev.cdcpipeline.model.wire;

/**
 * What makes a record a dead letter, of the Watcher or of the Syncer: it names the topic that it
 * was in, or was to go to. So it is known for one in whatever topic it is found.
 */
public final class DeadLetterHeaders {
    /** The topic the record was in, or was to go to; UTF-8. */
    public static final String TOPIC = "cdc.dlq.topic";

    private DeadLetterHeaders() {}
}
