package dev.cdcpipeline.watcher.capture;

import com.mongodb.client.MongoCluster;

import dev.cdcpipeline.model.ChangeEvent;
import dev.cdcpipeline.model.Namespace;

import org.bson.BsonBinary;
import org.bson.BsonBinarySubType;
import org.bson.BsonBoolean;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonString;
import org.bson.BsonTimestamp;
import org.bson.BsonValue;
import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * Endings in a sharded cluster, where a collection that is dropped may live on elsewhere: {@code
 * movePrimary} copies what is not sharded to another shard and drops it on the old one, which is in
 * the stream like any drop (move_primary_coordinator.cpp, up to 8.0).
 *
 * <p>So mongos is asked after each. Gone is gone. The same UUID is the same collection: one shard
 * has dropped its part of it, and the drop of the last shard is still to come. Another UUID may be
 * a collection that was created anew, or the copy, which gets a UUID of its own (cloner.cpp).
 * {@link ClusterNotes} may tell. Used by one thread.
 */
public final class ShardedEndings implements Endings {
    private final MongoCluster client;
    private final ClusterNotes notes;
    private final Map<Namespace, Moved> moved = new HashMap<>();

    /**
     * What was there after a drop that may have been the end of a move.
     *
     * @param collectionId its UUID
     * @param moves those that were known before it was looked at
     */
    private record Moved(@Nullable UUID collectionId, Set<BsonValue> moves) {
        /** Returns whether a later drop is of this one, and no later move is known. */
        boolean isOver(ChangeEvent drop, Set<BsonValue> known) {
            return collectionId != null
                    && collectionId.equals(drop.resumeToken().collectionId())
                    && moves.containsAll(known);
        }
    }

    /**
     * Asks a cluster.
     *
     * @param client connected to its mongos
     */
    public ShardedEndings(MongoCluster client) {
        this.client = client;
        this.notes = new ClusterNotes(client);
    }

    @Override
    public Ending of(Namespace collection, ChangeEvent event) {
        if (collection.equals(event.renamedTo())) {
            return Ending.OVER; // A rename replaces its target, which is there ever after.
        }
        BsonDocument found = find(collection);
        if (found == null) {
            return Ending.OVER;
        }
        return switch (event.operationType()) {
            case DROP -> dropped(collection, found, event);
            // What is there is what was not renamed yet by its shard, or came later.
            case RENAME -> isSame(found, event) ? Ending.LIVES_ON : Ending.OVER;
            // Each of its collections has a drop of its own, which has said what is to be said.
            case DROP_DATABASE -> Ending.LIVES_ON;
            case INSERT, UPDATE, REPLACE, DELETE, INVALIDATE, OTHER -> Ending.LIVES_ON;
        };
    }

    private Ending dropped(Namespace collection, BsonDocument found, ChangeEvent event) {
        if (isSame(found, event)) {
            return Ending.LIVES_ON;
        }
        BsonTimestamp time = event.clusterTime();
        if (isEmpty(collection)) {
            return Ending.OVER;
        }
        ClusterNotes.Moves moves = time == null ? null : notes.moves(collection, time);
        if (moves == null || time == null) {
            return Ending.UNCLEAR;
        }
        Moved before = moved.remove(collection);
        if (moves.notes().isEmpty()
                || (before != null && before.isOver(event, moves.notes()))
                || notes.wasDropped(collection, moves, time)) {
            return Ending.OVER;
        }
        BsonDocument still = find(collection);
        if (still != null) {
            moved.put(collection, new Moved(id(still), moves.notes()));
        }
        return Ending.UNCLEAR;
    }

    /** What mongos lists of a collection, null when there is none. */
    private @Nullable BsonDocument find(Namespace collection) {
        BsonDocument filter = new BsonDocument("name", new BsonString(collection.collection()));
        List<BsonDocument> found =
                ClusterNotes.first(
                        client,
                        collection.database(),
                        new BsonDocument("listCollections", new BsonInt32(1))
                                .append("filter", filter));
        return found.isEmpty() ? null : found.getFirst();
    }

    private static boolean isSame(BsonDocument found, ChangeEvent event) {
        UUID dropped = event.resumeToken().collectionId();
        return dropped != null && dropped.equals(id(found));
    }

    private static @Nullable UUID id(BsonDocument found) {
        return found.getDocument("info", new BsonDocument()).get("uuid") instanceof BsonBinary id
                        && id.getType() == BsonBinarySubType.UUID_STANDARD.getValue()
                ? id.asUuid()
                : null;
    }

    private boolean isEmpty(Namespace collection) {
        return ClusterNotes.first(
                        client,
                        collection.database(),
                        new BsonDocument("find", new BsonString(collection.collection()))
                                .append("projection", new BsonDocument("_id", new BsonInt32(1)))
                                .append("limit", new BsonInt32(1))
                                .append("singleBatch", BsonBoolean.TRUE)
                                .append(
                                        "readConcern",
                                        new BsonDocument("level", new BsonString("majority"))))
                .isEmpty();
    }
}
