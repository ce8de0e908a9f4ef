package dev.cdcpipeline.embedded.mongo.command;

import dev.cdcpipeline.embedded.mongo.wire.CommandError;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * MongoDB's error codes that failures on demand are likely to have, and the labels that the server
 * adds to them.
 *
 * <p>See the drivers' specifications
 * https://github.com/mongodb/specifications/blob/master/source/change-streams/change-streams.md,
 * "Transactions" (error labels) and "Retryable Writes".
 */
final class ErrorCodes {

    private static final Map<Integer, String> NAMES =
            Map.ofEntries(
                    Map.entry(6, "HostUnreachable"),
                    Map.entry(7, "HostNotFound"),
                    Map.entry(13, "Unauthorized"),
                    Map.entry(18, "AuthenticationFailed"),
                    Map.entry(43, "CursorNotFound"),
                    Map.entry(50, "MaxTimeMSExpired"),
                    Map.entry(63, "StaleShardVersion"),
                    Map.entry(89, "NetworkTimeout"),
                    Map.entry(91, "ShutdownInProgress"),
                    Map.entry(112, "WriteConflict"),
                    Map.entry(133, "FailedToSatisfyReadPreference"),
                    Map.entry(136, "CappedPositionLost"),
                    Map.entry(150, "StaleEpoch"),
                    Map.entry(189, "PrimarySteppedDown"),
                    Map.entry(222, "CloseChangeStream"),
                    Map.entry(234, "RetryChangeStream"),
                    Map.entry(262, "ExceededTimeLimit"),
                    Map.entry(280, "ChangeStreamFatalError"),
                    Map.entry(286, "ChangeStreamHistoryLost"),
                    Map.entry(9001, "SocketException"),
                    Map.entry(10107, "NotWritablePrimary"),
                    Map.entry(11600, "InterruptedAtShutdown"),
                    Map.entry(11601, "Interrupted"),
                    Map.entry(11602, "InterruptedDueToReplStateChange"),
                    Map.entry(13388, "StaleConfig"),
                    Map.entry(13435, "NotPrimaryNoSecondaryOk"),
                    Map.entry(13436, "NotPrimaryOrSecondary"));

    private static final Set<Integer> RESUMABLE =
            Set.of(
                    6, 7, 43, 63, 89, 91, 133, 150, 189, 234, 262, 9001, 10107, 11600, 11602, 13388,
                    13435, 13436);
    private static final Set<Integer> RETRIABLE =
            Set.of(6, 7, 89, 91, 134, 189, 262, 9001, 10107, 11600, 11602, 13435, 13436);
    private static final Set<String> ENDS_OF_TRANSACTIONS =
            Set.of("commitTransaction", "abortTransaction");

    private ErrorCodes() {}

    static String name(int code) {
        return NAMES.getOrDefault(code, "Location" + code);
    }

    /**
     * The labels of an error that has none of its own: inside a transaction, that all of it may be
     * tried again; with the number of a retryable write, or of a transaction that ends, that the
     * command may.
     */
    static List<String> labels(int code, Request request) {
        boolean inside =
                Transactions.contain(request) && !ENDS_OF_TRANSACTIONS.contains(request.name());
        if (inside && RETRIABLE.contains(code)) {
            return List.of(Transaction.TRANSIENT);
        }
        if (request.body().containsKey("txnNumber") && RETRIABLE.contains(code)) {
            return List.of("RetryableWriteError");
        }
        if (request.name().equals("getMore") && RESUMABLE.contains(code)) {
            return List.of(CommandError.RESUMABLE);
        }
        return List.of();
    }
}
