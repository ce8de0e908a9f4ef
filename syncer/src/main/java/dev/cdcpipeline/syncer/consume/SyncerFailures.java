package dev.cdcpipeline.syncer.consume;

import dev.cdcpipeline.kafka.KafkaErrors;
import dev.cdcpipeline.platform.failure.Classifier;
import dev.cdcpipeline.platform.failure.Failure;
import dev.cdcpipeline.platform.failure.Reaction;
import dev.cdcpipeline.postgresql.PostgresErrors;
import dev.cdcpipeline.syncer.deadletter.UndeliverableLetterException;
import dev.cdcpipeline.syncer.write.NoConnectionException;

import org.jspecify.annotations.Nullable;

import java.net.SocketTimeoutException;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;

/** What the Syncer throws besides what the error catalogues know. */
public final class SyncerFailures {
    private SyncerFailures() {}

    /** A classifier that knows Kafka, PostgreSQL and the connection pool. */
    public static Classifier classifier() {
        return new Classifier(SyncerFailures::recognize, new KafkaErrors(), new PostgresErrors());
    }

    /** Returns whether it may succeed with fewer records, though each of them is good. */
    static boolean mayBeTooMuch(Throwable thrown) {
        return switch (thrown) {
            case TooMuchException _ -> true;
            case SQLTransientConnectionException _ -> false; // there was no connection at all
            case SQLException sql ->
                    PostgresErrors.passesWithFewerRecords(sql)
                            || sql.getCause() instanceof SocketTimeoutException;
            default -> false;
        };
    }

    private static boolean isForData(NoConnectionException none) {
        String state = String.valueOf(none.getSQLState());
        return PostgresErrors.reaction(state) == Reaction.DEAD_LETTER;
    }

    /** The pool says by this, and often without an SQLSTATE, that no connection came in time. */
    private static @Nullable Failure recognize(Throwable thrown) {
        return switch (thrown) {
            // No record has anything to do with it, whatever the state says of data.
            case NoConnectionException none when isForData(none) ->
                    new Failure.Other(none.getClass());
            case SQLTransientConnectionException transientFailure
                    when transientFailure.getCause() == null ->
                    new Failure.Timeout();
            // Not what their cause says: the letter is not a bad record, the batch not to be
            // retried.
            case UndeliverableLetterException _, TooMuchException _ ->
                    new Failure.Other(thrown.getClass());
            default -> null;
        };
    }
}
