package dev.cdcpipeline.syncer.consume;

import dev.cdcpipeline.platform.failure.Classifier;
import dev.cdcpipeline.platform.failure.Failure;
import dev.cdcpipeline.platform.failure.FailureTable;
import dev.cdcpipeline.platform.failure.Reaction;
import dev.cdcpipeline.syncer.deadletter.UndeliverableLetterException;
import dev.cdcpipeline.syncer.write.NoConnectionException;

import org.jspecify.annotations.Nullable;

import java.net.SocketTimeoutException;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.Set;

/** What the Syncer's own libraries throw besides what the platform knows. */
public final class SyncerFailures {
    /**
     * Conditions that depend on how much a transaction does: memory, temporary files, the time of a
     * statement and of a transaction.
     */
    private static final Set<String> TOO_MUCH = Set.of("53200", "53400", "57014", "25P04");

    private SyncerFailures() {}

    /** A classifier that knows the connection pool too. */
    public static Classifier classifier() {
        return new Classifier(SyncerFailures::recognize);
    }

    /** Whether it might go well with fewer records, though each of them is good. */
    static boolean mayBeTooMuch(Throwable thrown) {
        return switch (thrown) {
            case TooMuchException _ -> true;
            case SQLTransientConnectionException _ -> false; // there was no connection at all
            case SQLException sql ->
                    TOO_MUCH.contains(String.valueOf(sql.getSQLState()))
                            || sql.getCause() instanceof SocketTimeoutException;
            default -> false;
        };
    }

    private static boolean isForData(NoConnectionException none) {
        String state = String.valueOf(none.getSQLState());
        return FailureTable.reaction(new Failure.SqlError(state)) == Reaction.DEAD_LETTER;
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
