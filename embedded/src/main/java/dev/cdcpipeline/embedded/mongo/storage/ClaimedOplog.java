package dev.cdcpipeline.embedded.mongo.storage;

import de.bwaldvogel.mongo.bson.Document;

import dev.cdcpipeline.embedded.mongo.oplog.EntrySink;
import dev.cdcpipeline.embedded.mongo.oplog.Namespace;
import dev.cdcpipeline.embedded.mongo.oplog.Operation;
import dev.cdcpipeline.embedded.mongo.oplog.OplogWriter;

import org.jspecify.annotations.Nullable;

import java.util.UUID;

/**
 * The oplog as seen from outside transactions, which may not write what an open one has claimed.
 */
public record ClaimedOplog(EntrySink oplog, Claims claims) implements OplogWriter {

    /**
     * A document that somebody else has claimed: to be tried again after the end of that
     * transaction.
     */
    static final class Claimed extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final transient Claimant claimant;

        Claimed(Claimant claimant) {
            super("claimed by an open transaction", null, false, false);
            this.claimant = claimant;
        }

        Claimant claimant() {
            return claimant;
        }
    }

    @Override
    public void beforeWrite(UUID collection, @Nullable Object id, @Nullable Document current) {
        Claimant claimant = claims.claimant(collection, id);
        if (claimant != null) {
            throw new Claimed(claimant);
        }
    }

    @Override
    public void append(Namespace namespace, @Nullable UUID collection, Operation operation) {
        oplog.append(namespace, collection, operation);
    }

    @Override
    public boolean together(UUID collection, Document key, Document other) {
        return oplog.together(collection, key, other);
    }

    @Override
    public void appendMove(
            Namespace namespace,
            UUID collection,
            Operation.Delete delete,
            Operation.Insert insert) {
        oplog.appendMove(namespace, collection, delete, insert);
    }
}
