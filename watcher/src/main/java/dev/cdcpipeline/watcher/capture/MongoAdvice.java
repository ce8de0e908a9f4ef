package dev.cdcpipeline.watcher.capture;

import com.mongodb.MongoException;
import com.mongodb.MongoSecurityException;
import com.mongodb.MongoSocketException;

import dev.cdcpipeline.platform.failure.TlsProblem;

import java.util.Optional;

/**
 * Says to an operator what an error of MongoDB means for a Watcher and which choices there are, by
 * its code.
 */
public final class MongoAdvice {
    private static final int AUTHENTICATION_FAILED = 18;

    private final StreamTarget target;
    private final String resetCheckpoint;

    /**
     * Advice for one Watcher.
     *
     * @param target where it reads
     * @param resetCheckpoint the command that removes its checkpoint
     */
    public MongoAdvice(StreamTarget target, String resetCheckpoint) {
        this.target = target;
        this.resetCheckpoint = resetCheckpoint;
    }

    /** A sentence or a few; none when the error says it all. */
    public Optional<String> on(Throwable thrown) {
        for (Throwable each = thrown; each != null; each = each.getCause()) {
            if (each instanceof MongoException error && TlsProblem.of(error).isPresent()) {
                return TlsProblem.of(error).map(problem -> tls(problem, error));
            }
        }
        Optional<String> advice = Optional.empty();
        for (Throwable each = thrown; each != null && advice.isEmpty(); each = each.getCause()) {
            if (each instanceof MongoException error) {
                advice = on(code(error));
            }
        }
        return advice;
    }

    /** The driver wraps whatever the server says to a login, and has codes of its own for that. */
    private static int code(MongoException error) {
        return error instanceof MongoSecurityException
                        && !(error.getCause() instanceof MongoSocketException)
                ? AUTHENTICATION_FAILED
                : error.getCode();
    }

    private static String tls(TlsProblem problem, MongoException error) {
        return problem.sentence(
                error,
                "MongoDB",
                "watcher.mongodb.tls.ca",
                "watcher.mongodb.tls.certificate and key",
                "watcher.mongodb.uri");
    }

    private Optional<String> on(int code) {
        return switch (code) {
            case 286, 40585, 136 -> Optional.of(historyLost(code));
            case 260, 280, 222 -> Optional.of(tokenUnusable(code));
            case 13 -> Optional.of(missingPrivilege());
            case 18, 11 ->
                    Optional.of(
                            "MongoDB does not accept the user or the password of watcher.mongodb.uri: check both, and"
                                    + " authSource (the database that the user was created in, often admin)");
            case 40573 ->
                    Optional.of(
                            "MongoDB is a server alone, which has no change streams: make it a replica set, by --replSet"
                                    + " rs0 and rs.initiate()");
            case 47 ->
                    Optional.of(
                            "a change has no stored post-image, which watcher.post-image: required needs: enable them"
                                    + " with db.runCommand({collMod: '<collection>', changeStreamPreAndPostImages: {enabled:"
                                    + " true}}), or set watcher.post-image to batched; changes before that have none");
            case 10334 ->
                    Optional.of(
                            "an event is larger than 16 MB and this server cannot split it: upgrade MongoDB to 6.0.9 or"
                                    + " later, set watcher.post-image to batched, or leave large fields out by"
                                    + " watcher.scope.exclude-fields");
            case 40324, 40323, 9, 14 ->
                    Optional.of(
                            "MongoDB does not take the change stream's pipeline: check watcher.scope.pipeline");
            default -> Optional.empty();
        };
    }

    private String historyLost(int code) {
        return "MongoDB's oplog no longer holds the changes after the checkpoint (error "
                + code
                + "): what happened since then cannot be captured any more. "
                + choices()
                + " So that it does not happen again, make the oplog hold more hours than the Watcher may be down:"
                + " db.adminCommand({replSetResizeOplog: 1, size: <megabytes>, minRetentionHours: 72})";
    }

    private String tokenUnusable(int code) {
        return "MongoDB cannot resume at the checkpoint's token (error "
                + code
                + "): it is not of this cluster, or the pipeline now hides the event it names. If the scope or the pipeline"
                + " was changed, restore it. Otherwise: "
                + choices();
    }

    private String choices() {
        return "Choices: (1) start from now and accept the gap: remove the checkpoint ("
                + resetCheckpoint
                + "), set watcher.start: now and raise watcher.generation by one; (2) if you know a time that the oplog"
                + " still holds, the same with watcher.start: <that time>; in both cases copy the documents of the gap"
                + " again, for example by a harmless update of every document.";
    }

    private String missingPrivilege() {
        String resource =
                switch (target) {
                    case StreamTarget.Cluster c -> "{db: '', collection: ''}";
                    case StreamTarget.Database d -> "{db: '" + d.database() + "', collection: ''}";
                    case StreamTarget.Collection c ->
                            "{db: '" + c.database() + "', collection: '" + c.collection() + "'}";
                };
        return "the MongoDB user may not read "
                + target
                + ": it needs the actions find and changeStream on "
                + resource
                + ", for example by db.grantRolesToUser('<user>', [{role: 'read', db: '"
                + (target instanceof StreamTarget.Cluster ? "<each database>" : target.database())
                + "'}]), for the whole cluster the role readAnyDatabase on admin";
    }
}
