package dev.cdcpipeline.embedded.mongo.oplog;

import de.bwaldvogel.mongo.bson.BsonTimestamp;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.UUID;

/**
 * One entry of the oplog.
 *
 * @param time the cluster time; strictly increasing, except that all entries of one transaction
 *     share theirs
 * @param wall the wall-clock time of the write
 * @param collection the collection's UUID, null for what concerns no collection
 * @param transaction where it stands in a transaction, null outside
 */
public record OplogEntry(
        BsonTimestamp time,
        Instant wall,
        Namespace namespace,
        @Nullable UUID collection,
        Operation operation,
        @Nullable TransactionPosition transaction) {

    /** The entry's index within its transaction, 0 outside. */
    public int transactionIndex() {
        return transaction == null ? 0 : transaction.index();
    }
}
