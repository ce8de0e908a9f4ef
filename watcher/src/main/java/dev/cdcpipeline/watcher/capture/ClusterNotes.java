package dev.cdcpipeline.watcher.capture;

import com.mongodb.MongoCommandException;
import com.mongodb.client.MongoCluster;

import dev.cdcpipeline.model.Namespace;

import org.bson.BsonArray;
import org.bson.BsonBoolean;
import org.bson.BsonDateTime;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonRegularExpression;
import org.bson.BsonString;
import org.bson.BsonTimestamp;
import org.bson.BsonValue;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a sharded cluster writes down of what it does, in {@code config.changelog}. Reading it takes
 * a right of its own (role {@code clusterMonitor}).
 */
final class ClusterNotes {
    private static final int UNAUTHORIZED = 13;
    private static final int MAX_NOTES = 10_000;
    private static final long WITHIN_A_SECOND = 999;

    /** A shard drops what it does not have any more right after the move. */
    private static final Duration CLEAN_UP = Duration.ofHours(1);

    private static final Duration CLOCKS_DIFFER = Duration.ofMinutes(5);

    /** What gives a collection another UUID, or another place, and keeps its documents. */
    private static final BsonRegularExpression MOVES =
            new BsonRegularExpression("^(movePrimary|moveCollection|unshardCollection|reshard)");

    private static final BsonRegularExpression DROPS =
            new BsonRegularExpression("^drop(Collection|Database)");

    private final MongoCluster client;

    /**
     * The moves of a database's collections.
     *
     * @param notes their ids
     * @param last the time of the last one before the event, in milliseconds since 1970
     */
    record Moves(Set<BsonValue> notes, long last) {}

    ClusterNotes(MongoCluster client) {
        this.client = client;
    }

    /**
     * The moves that may be the reason for a drop.
     *
     * @param dropped the drop's cluster time
     * @return null if that is not known: the notes may not be read, or do not reach back
     */
    @Nullable Moves moves(Namespace collection, BsonTimestamp dropped) {
        long time = millis(dropped);
        try {
            if (find(new BsonDocument("time", atMost(time + WITHIN_A_SECOND)), 1).isEmpty()) {
                return null;
            }
            List<BsonDocument> notes =
                    find(
                            new BsonDocument("what", MOVES)
                                    .append("ns", ofDatabase(collection.database()))
                                    .append(
                                            "time",
                                            atMost(time + CLOCKS_DIFFER.toMillis())
                                                    .append(
                                                            "$gte",
                                                            new BsonDateTime(
                                                                    time - CLEAN_UP.toMillis()))),
                            MAX_NOTES);
            return new Moves(
                    notes.stream().map(note -> note.get("_id")).collect(Collectors.toSet()),
                    notes.stream()
                            .mapToLong(note -> note.getDateTime("time").getValue())
                            .filter(at -> at <= time + WITHIN_A_SECOND)
                            .max()
                            .orElse(0));
        } catch (MongoCommandException e) {
            if (e.getErrorCode() == UNAUTHORIZED) {
                return null;
            }
            throw e;
        }
    }

    /**
     * Returns whether a collection, or its database, was dropped by command after the moves. Both
     * take the same lock, so that no such command comes before the end of a move's clean-up.
     */
    boolean wasDropped(Namespace collection, Moves moves, BsonTimestamp dropped) {
        BsonArray names =
                new BsonArray(
                        List.of(
                                new BsonString(collection.toString()),
                                new BsonString(collection.database())));
        BsonDocument drops =
                new BsonDocument("what", DROPS)
                        .append("ns", new BsonDocument("$in", names))
                        .append(
                                "time",
                                atMost(millis(dropped) + WITHIN_A_SECOND)
                                        .append("$gt", new BsonDateTime(moves.last())));
        return !find(drops, 1).isEmpty();
    }

    private static long millis(BsonTimestamp time) {
        return 1000L * time.getTime();
    }

    private static BsonDocument atMost(long millis) {
        return new BsonDocument("$lte", new BsonDateTime(millis));
    }

    /** A namespace in it, or its name alone. */
    private static BsonRegularExpression ofDatabase(String name) {
        String quoted = name.replaceAll("[^a-zA-Z0-9_]", "\\\\$0");
        return new BsonRegularExpression("^" + quoted + "([.]|$)");
    }

    private List<BsonDocument> find(BsonDocument filter, int limit) {
        return first(
                client,
                "config",
                new BsonDocument("find", new BsonString("changelog"))
                        .append("filter", filter)
                        .append("batchSize", new BsonInt32(limit))
                        .append("limit", new BsonInt32(limit))
                        .append("singleBatch", BsonBoolean.TRUE));
    }

    /** The first batch of a command's cursor. */
    static List<BsonDocument> first(MongoCluster client, String database, BsonDocument command) {
        return client
                .getDatabase(database)
                .runCommand(command, BsonDocument.class)
                .getDocument("cursor")
                .getArray("firstBatch")
                .stream()
                .map(BsonValue::asDocument)
                .toList();
    }
}
