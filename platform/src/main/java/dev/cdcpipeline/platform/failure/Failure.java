package dev.cdcpipeline.platform.failure;

/**
 * What went wrong, in terms that do not depend on a driver: a code or a kind, never the text of a
 * message. Each failure knows the reaction to it.
 */
public sealed interface Failure {

    /** What to do about it. */
    Reaction reaction();

    /**
     * An error reported by an outside system or its client library.
     *
     * @param system the name of the system, for example {@code MongoDB}
     * @param code the code by which its catalogue knows the error, for example {@code 286}
     * @param reaction what the catalogue says to do about it
     */
    record ServerError(String system, String code, Reaction reaction) implements Failure {

        /** System and code, {@code MongoDB 286}. It is the label of a metric: keep it short. */
        @Override
        public String toString() {
            return code.isEmpty() ? system : system + " " + code;
        }
    }

    /** A connection that could not be made, or broke. */
    record Network() implements Failure {
        @Override
        public Reaction reaction() {
            return Reaction.RETRY;
        }
    }

    /** No answer within the time allowed. */
    record Timeout() implements Failure {
        @Override
        public Reaction reaction() {
            return Reaction.RETRY;
        }
    }

    /** The two sides do not agree on a TLS connection, most often because of a certificate. */
    record Tls() implements Failure {
        @Override
        public Reaction reaction() {
            return Reaction.STOP;
        }
    }

    /** A local file could not be written or read. */
    record Storage() implements Failure {
        @Override
        public Reaction reaction() {
            return Reaction.RETRY;
        }
    }

    /** The data itself cannot be used: a message that does not decode, a value without a column. */
    record BadData() implements Failure {
        @Override
        public Reaction reaction() {
            return Reaction.DEAD_LETTER;
        }
    }

    /** The thread was interrupted because it is to end. */
    record Interrupted() implements Failure {
        @Override
        public Reaction reaction() {
            return Reaction.STOP;
        }
    }

    /**
     * Anything else. A failure that no catalogue knows stops the service: a person has to look at
     * it, and repeating it for ever would hide it.
     *
     * @param type the type of the exception
     */
    record Other(Class<? extends Throwable> type) implements Failure {
        @Override
        public Reaction reaction() {
            return Reaction.STOP;
        }
    }
}
