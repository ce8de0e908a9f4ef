package dev.cdcpipeline.syncer.consume;

import dev.cdcpipeline.platform.failure.Classifier;
import dev.cdcpipeline.platform.failure.Failure;

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
        return thrown instanceof SQLTransientConnectionException transientFailure
                        && transientFailure.getCause() == null
                ? new Failure.Timeout()
                : null;
    }
}
