package dev.cdcpipeline.platform.failure;

import java.util.Set;

/**
 * What went wrong, in terms that do not depend on a driver: a code, or a kind, never the text of a
 * message.
 */
public sealed interface Failure {

    /**
     * An error reply of MongoDB.
     *
     * @param code the server's error code, for example 286 ChangeStreamHistoryLost
     * @param labels the error labels of the reply, for example {@code TransientTransactionError};
     *     empty if it has none
     */
    record MongoError(int code, Set<String> labels) implements Failure {
        public MongoError {
            labels = Set.copyOf(labels);
        }

        /** An error without labels. */
        public MongoError(int code) {
            this(code, Set.of());
        }
    }

    /**
     * An error of PostgreSQL or its driver.
     *
     * @param sqlState the five characters of SQLSTATE; empty if the driver gave none
     */
    record SqlError(String sqlState) implements Failure {}

    /**
     * An error of Kafka's client or broker.
     *
     * @param type Kafka's exception type
     */
    record KafkaError(Class<? extends Throwable> type) implements Failure {}

    /**
     * An error reply of Redis.
     *
     * @param code its first word, most often, for example {@code WRONGPASS}, {@code LOADING} or
     *     {@code ERR}
     */
    record RedisError(String code) implements Failure {}

    /** A connection that could not be made, or broke. */
    record Network() implements Failure {}

    /** No answer within the time allowed. */
    record Timeout() implements Failure {}

    /** The two sides do not agree on a TLS connection: a certificate, most often. */
    record Tls() implements Failure {}

    /** A local file could not be written or read. */
    record Storage() implements Failure {}

    /** The data itself cannot be used: a message that does not decode, a value without a column. */
    record BadData() implements Failure {}

    /** The thread was interrupted: someone wants it to end. */
    record Interrupted() implements Failure {}

    /**
     * Anything else.
     *
     * @param type the exception's type
     */
    record Other(Class<? extends Throwable> type) implements Failure {}
}
