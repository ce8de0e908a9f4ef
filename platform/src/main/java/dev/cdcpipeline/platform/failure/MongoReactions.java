package dev.cdcpipeline.platform.failure;

import static dev.cdcpipeline.platform.failure.Row.retry;
import static dev.cdcpipeline.platform.failure.Row.stop;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The part of the table for MongoDB, by the codes of the server's {@code error_codes.yml}. The
 * first group is the driver specification's list of resumable change-stream errors.
 */
final class MongoReactions {
    static final List<Row> ROWS =
            List.of(
                    retry(6, "HostUnreachable"),
                    retry(7, "HostNotFound"),
                    retry(43, "CursorNotFound"),
                    retry(63, "StaleShardVersion"),
                    retry(89, "NetworkTimeout"),
                    retry(91, "ShutdownInProgress"),
                    retry(133, "FailedToSatisfyReadPreference"),
                    retry(150, "StaleEpoch"),
                    retry(189, "PrimarySteppedDown"),
                    retry(234, "RetryChangeStream"),
                    retry(262, "ExceededTimeLimit"),
                    retry(9001, "SocketException"),
                    retry(10107, "NotWritablePrimary"),
                    retry(11600, "InterruptedAtShutdown"),
                    retry(11602, "InterruptedDueToReplStateChange"),
                    retry(13388, "StaleConfig"),
                    retry(13435, "NotPrimaryNoSecondaryOk"),
                    retry(13436, "NotPrimaryOrSecondary"),
                    // Not resumable for the driver, but a new stream from the last token heals
                    // them;
                    // where it does not, that one fails with 286.
                    retry(136, "CappedPositionLost"),
                    retry(237, "CursorKilled"),
                    retry(11601, "Interrupted"),
                    retry(24, "LockTimeout"),
                    retry(46, "LockBusy"),
                    retry(50, "MaxTimeMSExpired"),
                    retry(64, "WriteConcernTimeout"),
                    retry(112, "WriteConflict"),
                    retry(134, "ReadConcernMajorityNotAvailableYet"),
                    // The collection was dropped or renamed during a look-up.
                    retry(175, "QueryPlanKilled"),
                    retry(202, "NetworkInterfaceExceededTimeLimit"),
                    retry(211, "KeyNotFound"),
                    retry(239, "SnapshotTooOld"),
                    retry(246, "SnapshotUnavailable"),
                    retry(317, "ConnectionPoolExpired"),
                    retry(358, "InternalTransactionsExceededMaxRetries"),
                    retry(384, "ConnectionError"),
                    // A shard was added to a stream after an invalidate: mongos resumes it beside
                    // its
                    // startAfter. A new stream has the shard.
                    retry(50865, "StartAfterAndResumeAfter"),
                    stop(11, "UserNotFound"),
                    stop(13, "Unauthorized"),
                    stop(18, "AuthenticationFailed"),
                    stop(20, "IllegalOperation"),
                    stop(26, "NamespaceNotFound"),
                    stop(47, "NoMatchingDocument"),
                    stop(59, "CommandNotFound"),
                    stop(72, "InvalidOptions"),
                    stop(73, "InvalidNamespace"),
                    stop(146, "ExceededMemoryLimit"),
                    stop(222, "CloseChangeStream"),
                    stop(260, "InvalidResumeToken"),
                    stop(280, "ChangeStreamFatalError"),
                    stop(286, "ChangeStreamHistoryLost"),
                    stop(8000, "AtlasError"),
                    stop(10334, "BSONObjectTooLarge"),
                    stop(40324, "UnrecognizedPipelineStage"),
                    stop(40415, "UnknownField"),
                    stop(40573, "ChangeStreamNeedsReplicaSet"),
                    stop(40585, "ResumeTokenNotFound"));

    private static final Map<String, Row> BY_CODE =
            ROWS.stream().collect(Collectors.toUnmodifiableMap(Row::code, Function.identity()));

    /** The server's own word that a repetition may help; it stands where the code says nothing. */
    private static final Set<String> RETRYABLE_LABELS =
            Set.of(
                    "ResumableChangeStreamError",
                    "RetryableError",
                    "RetryableWriteError",
                    "SystemOverloadedError",
                    "TransientTransactionError");

    private MongoReactions() {}

    static Reaction of(Failure.MongoError error) {
        if (error.labels().contains("NonResumableChangeStreamError")) {
            return Reaction.STOP;
        }
        var row = BY_CODE.get(Integer.toString(error.code()));
        if (row != null) {
            return row.reaction();
        }
        return error.labels().stream().anyMatch(RETRYABLE_LABELS::contains)
                ? Reaction.RETRY
                : Reaction.STOP;
    }
}
