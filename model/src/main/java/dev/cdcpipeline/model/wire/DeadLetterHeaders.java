package dev.cdcpipeline.model.wire;

/**
 * The headers of a {@linkplain DeadLetter dead letter}, all of them UTF-8. The first one makes a
 * record a dead letter in whatever topic it is found.
 */
public final class DeadLetterHeaders {
    /** The topic the record was in, or was to go to. */
    public static final String TOPIC = "cdc.dlq.topic";

    /** The partition it was in, if it was in one. */
    public static final String PARTITION = "cdc.dlq.partition";

    /** Its offset there. */
    public static final String OFFSET = "cdc.dlq.offset";

    /** Kafka's time of the record, as an ISO 8601 instant, if it has one. */
    public static final String TIMESTAMP = "cdc.dlq.timestamp";

    /** The type of the exception and its message; never a value of the document. */
    public static final String CAUSE = "cdc.dlq.cause";

    /** PostgreSQL's SQLSTATE, if it was PostgreSQL that refused the record. */
    public static final String SQLSTATE = "cdc.dlq.sqlstate";

    /** A hash of where in the code the exception came from: equal for equal causes. */
    public static final String STACK_HASH = "cdc.dlq.stack-hash";

    /** When the record was set aside, as an ISO 8601 instant. */
    public static final String TIME = "cdc.dlq.time";

    /** How many batches the record was in until it was alone and refused; 1 when it was read. */
    public static final String ATTEMPT = "cdc.dlq.attempt";

    /**
     * Only where the record itself is left out for its size: how many bytes its value has. The
     * letter's value then is a {@linkplain DeadLetter#notice notice} of it.
     */
    public static final String LEFT_OUT = "cdc.dlq.left-out";

    private DeadLetterHeaders() {}
}
