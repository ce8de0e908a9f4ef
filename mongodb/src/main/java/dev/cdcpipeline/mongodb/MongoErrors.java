package dev.cdcpipeline.mongodb;

import static dev.cdcpipeline.platform.failure.ErrorEntry.retry;
import static dev.cdcpipeline.platform.failure.ErrorEntry.stop;

import com.mongodb.MongoCommandException;
import com.mongodb.MongoConnectionPoolClearedException;
import com.mongodb.MongoException;
import com.mongodb.MongoInterruptedException;
import com.mongodb.MongoSecurityException;
import com.mongodb.MongoServerUnavailableException;
import com.mongodb.MongoSocketException;
import com.mongodb.MongoSocketReadTimeoutException;
import com.mongodb.MongoTimeoutException;

import dev.cdcpipeline.platform.failure.ErrorCatalogue;
import dev.cdcpipeline.platform.failure.ErrorEntry;
import dev.cdcpipeline.platform.failure.Explanation;
import dev.cdcpipeline.platform.failure.Failure;
import dev.cdcpipeline.platform.failure.Reaction;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The errors of MongoDB, by the codes of the server's {@code error_codes.yml}. The first group is
 * the driver specification's list of resumable change-stream errors.
 *
 * <p>Placeholders that a service has to know: {@code service} and {@code mongodb}, the prefixes of
 * its options; {@code resetCheckpoint}, the command that removes its checkpoint; {@code stream},
 * {@code resource} and {@code grant}, what it reads, as a resource of a privilege, and the command
 * that grants the privilege.
 */
public final class MongoErrors implements ErrorCatalogue {
    private static final int AUTHENTICATION_FAILED = 18;
    private static final int NEEDS_REPLICA_SET = 40573;

    private static final String CHOICES =
            "either (1) start from now and accept the gap: remove the checkpoint ({resetCheckpoint}), set"
                    + " {service}.start: now and raise {service}.generation by one; or (2) if you know a"
                    + " time that the oplog still holds, do the same with {service}.start: <that time>."
                    + " In both cases copy the documents of the gap again, for example by a harmless"
                    + " update of every document.";

    private static final String LONGER_OPLOG =
            " To prevent it from happening again, make the oplog hold more hours than the Watcher may be"
                    + " down: db.adminCommand({replSetResizeOplog: 1, size: <megabytes>, minRetentionHours:"
                    + " 72})";

    private static final List<ErrorEntry> ENTRIES =
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
                    // Not resumable for the driver, but a new stream from the last token settles
                    // it:
                    // either it goes on, or it fails with 286, which stops.
                    retry(136, "CappedPositionLost")
                            .explained(
                                    "MongoDB's oplog no longer holds the entry that the change stream was reading"
                                            + " (error 136), and a new stream gets no further",
                                    CHOICES + LONGER_OPLOG),
                    // These two as well are healed by a new stream.
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
                    pipelineRefused(9, "FailedToParse"),
                    loginRefused(11, "UserNotFound"),
                    stop(13, "Unauthorized")
                            .explained(
                                    "The MongoDB user may not read {stream}",
                                    "it needs the actions find and changeStream on {resource}; in mongosh: {grant}"),
                    pipelineRefused(14, "TypeMismatch"),
                    loginRefused(AUTHENTICATION_FAILED, "AuthenticationFailed"),
                    stop(20, "IllegalOperation"),
                    stop(26, "NamespaceNotFound"),
                    stop(47, "NoMatchingDocument")
                            .explained(
                                    "A change has no stored post-image, which {service}.post-image: required needs",
                                    "enable them with db.runCommand({collMod: '<collection>',"
                                            + " changeStreamPreAndPostImages: {enabled: true}}), or set"
                                            + " {service}.post-image to batched; earlier changes have none"),
                    stop(59, "CommandNotFound"),
                    stop(72, "InvalidOptions"),
                    stop(73, "InvalidNamespace"),
                    stop(146, "ExceededMemoryLimit"),
                    tokenUnusable(222, "CloseChangeStream"),
                    tokenUnusable(260, "InvalidResumeToken"),
                    tokenUnusable(280, "ChangeStreamFatalError"),
                    historyLost(286, "ChangeStreamHistoryLost"),
                    stop(8000, "AtlasError"),
                    stop(10334, "BSONObjectTooLarge")
                            .explained(
                                    "An event is larger than 16 MB and this server cannot split it",
                                    "upgrade MongoDB to 6.0.9 or later, set {service}.post-image to batched, or"
                                            + " leave large fields out with {service}.scope.exclude-fields"),
                    pipelineRefused(40323, "a stage that is not one field"),
                    pipelineRefused(40324, "UnrecognizedPipelineStage"),
                    stop(40415, "UnknownField"),
                    stop(NEEDS_REPLICA_SET, "ChangeStreamNeedsReplicaSet")
                            .explained(
                                    "MongoDB is a standalone server, which has no change streams",
                                    "set replication.replSetName in mongod.conf (or start it with --replSet rs0),"
                                            + " restart it, then run rs.initiate() in mongosh; one member is enough"),
                    historyLost(40585, "ResumeTokenNotFound"));

    private static final Map<String, ErrorEntry> BY_CODE =
            ENTRIES.stream()
                    .collect(Collectors.toUnmodifiableMap(ErrorEntry::code, Function.identity()));

    /** The server's own word that a repetition may help; it stands where the code says nothing. */
    private static final Set<String> RETRYABLE_LABELS =
            Set.of(
                    "ResumableChangeStreamError",
                    "RetryableError",
                    "RetryableWriteError",
                    "SystemOverloadedError",
                    "TransientTransactionError");

    /** The catalogue; it has no state. */
    public MongoErrors() {}

    private static ErrorEntry historyLost(int code, String name) {
        return stop(code, name)
                .explained(
                        "MongoDB's oplog no longer holds the changes after the checkpoint (error "
                                + code
                                + "); what happened since then can no longer be captured",
                        CHOICES + LONGER_OPLOG);
    }

    private static ErrorEntry tokenUnusable(int code, String name) {
        return stop(code, name)
                .explained(
                        "MongoDB cannot resume at the token of the checkpoint (error "
                                + code
                                + "), which is of another cluster or names an event that the pipeline now hides",
                        "if the scope or the pipeline was changed, restore it; otherwise "
                                + CHOICES);
    }

    private static ErrorEntry loginRefused(int code, String name) {
        return stop(code, name)
                .explained(
                        "MongoDB does not accept the user or the password ({said})",
                        "check both in {mongodb}.uri, and authSource (the database that the user was created in,"
                                + " often admin)");
    }

    private static ErrorEntry pipelineRefused(int code, String name) {
        return stop(code, name)
                .explained(
                        "MongoDB does not accept the pipeline of the change stream ({said})",
                        "check {service}.scope.pipeline");
    }

    /** What a server without a replica set means, where it was found without an error. */
    public static Explanation standalone() {
        return Objects.requireNonNull(
                Objects.requireNonNull(BY_CODE.get(Integer.toString(NEEDS_REPLICA_SET)))
                        .explanation());
    }

    @Override
    public String system() {
        return "MongoDB";
    }

    @Override
    public List<ErrorEntry> entries() {
        return ENTRIES;
    }

    @Override
    public boolean isSource(Throwable thrown) {
        return thrown instanceof MongoException;
    }

    @Override
    public @Nullable ErrorEntry entry(Throwable thrown) {
        return thrown instanceof MongoException error
                ? BY_CODE.get(Integer.toString(code(error)))
                : null;
    }

    /** The driver wraps whatever the server says to a login, and has codes of its own for that. */
    private static int code(MongoException error) {
        return error instanceof MongoSecurityException
                        && !(error.getCause() instanceof MongoSocketException)
                ? AUTHENTICATION_FAILED
                : error.getCode();
    }

    @Override
    public @Nullable Failure recognize(Throwable thrown) {
        return switch (thrown) {
            case MongoInterruptedException _ -> new Failure.Interrupted();
            // A handshake may also fail because the connection broke in the midst of it.
            case MongoSecurityException security
                    when security.getCause() instanceof MongoSocketException ->
                    new Failure.Network();
            case MongoSocketReadTimeoutException _ -> new Failure.Timeout();
            case MongoSocketException _ -> new Failure.Network();
            case MongoServerUnavailableException _ -> new Failure.Network();
            // Where it has a cause, that one says more.
            case MongoConnectionPoolClearedException cleared when cleared.getCause() == null ->
                    new Failure.Network();
            case MongoTimeoutException _ -> new Failure.Timeout();
            case MongoException error -> byCode(error);
            default -> null;
        };
    }

    private static @Nullable Failure byCode(MongoException error) {
        int code = code(error);
        boolean ofServer = code > 0 || error instanceof MongoCommandException;
        return ofServer
                ? new Failure.ServerError(
                        "MongoDB", Integer.toString(code), reaction(code, error.getErrorLabels()))
                : null;
    }

    private static Reaction reaction(int code, Set<String> labels) {
        if (labels.contains("NonResumableChangeStreamError")) {
            return Reaction.STOP;
        }
        var entry = BY_CODE.get(Integer.toString(code));
        if (entry != null) {
            return entry.reaction();
        }
        return labels.stream().anyMatch(RETRYABLE_LABELS::contains)
                ? Reaction.RETRY
                : Reaction.STOP;
    }

    /** The message of an error reply alone: the exception quotes all of the reply. */
    @Override
    public Map<String, String> values(Throwable thrown) {
        for (Throwable each = thrown; each != null; each = each.getCause()) {
            if (each instanceof MongoCommandException reply) {
                return Map.of("said", reply.getErrorMessage());
            }
        }
        return ErrorCatalogue.super.values(thrown);
    }

    @Override
    public TlsOptions tlsOptions() {
        return new TlsOptions(
                "{mongodb}.tls.ca", "{mongodb}.tls.certificate and key", "{mongodb}.uri");
    }
}
