package dev.cdcpipeline.embedded.mongo.sharding;

import de.bwaldvogel.mongo.bson.BinData;
import de.bwaldvogel.mongo.bson.BsonTimestamp;
import de.bwaldvogel.mongo.bson.Document;

import dev.cdcpipeline.embedded.mongo.oplog.Oplog;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * Documents that go from one shard to another: the server turns such an update into a transaction
 * with a delete on the one and an insert on the other. Guarded by the oplogs' lock.
 */
final class Moves {

    private static final int DIGEST_BYTES = 32;

    private MoveOrder order = MoveOrder.DELETE_FIRST;
    private long number;

    /** A half of a move, and the log that it goes to. */
    record Half(Oplog oplog, Oplog.Pending write) {}

    MoveOrder order(MoveOrder from) {
        MoveOrder before = order;
        order = from;
        return before;
    }

    void append(Instant wall, Half delete, Half insert) {
        MoveOrder now = order;
        Half first = now.deleteFirst() ? delete : insert;
        Half second = now.deleteFirst() ? insert : delete;
        align(first.oplog(), second.oplog());
        Document session =
                new Document("id", UUID.randomUUID())
                        .append("uid", new BinData(new byte[DIGEST_BYTES]));
        number++;
        first.oplog().appendTransaction(wall, session, number, 0, List.of(first.write()));
        if (!now.oneTime()) {
            second.oplog().advanceTo(first.oplog().lastTime());
        }
        // Events of one time stand in the order of their indexes, whatever their shards.
        second.oplog().appendTransaction(wall, session, number, 1, List.of(second.write()));
    }

    private static void align(Oplog left, Oplog right) {
        BsonTimestamp time = left.lastTime();
        right.advanceTo(time);
        left.advanceTo(right.lastTime());
    }
}
