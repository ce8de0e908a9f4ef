package dev.cdcpipeline.syncer.consume;

import dev.cdcpipeline.platform.failure.Classifier;
import dev.cdcpipeline.platform.failure.Failure;
import dev.cdcpipeline.syncer.deadletter.UndeliverableLetterException;

import org.jspecify.annotations.Nullable;

import java.sql.SQLTransientConnectionException;

/** What the Syncer's own libraries throw besides what the platform knows. */
public final class SyncerFailures {
    private SyncerFailures() {}

    /** A classifier that knows the connection pool too. */
    public static Classifier classifier() {
        return new Classifier(SyncerFailures::recognize);
    }

    /** The pool says by this, and often without an SQLSTATE, that no connection came in time. */
    private static @Nullable Failure recognize(Throwable thrown) {
        return switch (thrown) {
            case SQLTransientConnectionException transientFailure
                    when transientFailure.getCause() == null ->
                    new Failure.Timeout();
            // Not what its cause says: the letter is not a bad record.
            case UndeliverableLetterException _ -> new Failure.Other(thrown.getClass());
            default -> null;
        };
    }
}
