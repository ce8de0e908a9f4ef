package dev.cdcpipeline.embedded.mongo.contract;

import com.mongodb.client.ClientSession;
import com.mongodb.client.MongoClient;

import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonInt64;
import org.bson.BsonString;
import org.bson.BsonTimestamp;
import org.bson.BsonValue;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * One change stream, driven command by command, so that a test sees what a driver hides: each
 * batch, its {@code postBatchResumeToken}, and whether the server closed the cursor.
 */
final class RawStream implements AutoCloseable {

    /** How long a test waits for what must come; a real server may be slow and shared. */
    static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final Duration SHORT_AWAIT = Duration.ofMillis(20);
    private static final Duration LONG_AWAIT = Duration.ofSeconds(1);

    /**
     * One reply.
     *
     * @param events its events, in order
     * @param postBatchResumeToken null when the reply had none
     * @param cursorId 0 once the server has closed the cursor
     */
    record Batch(
            List<BsonDocument> events,
            @Nullable BsonDocument postBatchResumeToken,
            long cursorId) {}

    private final MongoClient client;
    private final ClientSession session;
    private final String database;
    private final String collection;
    private final Batch opening;
    private final List<BsonDocument> unread = new ArrayList<>();
    private Batch last;

    private RawStream(MongoClient client, ClientSession session, StreamSpec spec) {
        this.client = client;
        this.session = session;
        this.database = spec.database();
        BsonDocument cursor = run(spec.aggregate()).getDocument("cursor");
        this.collection = cursor.getString("ns").getValue().substring(database.length() + 1);
        this.opening = batch(cursor, "firstBatch");
        this.last = opening;
        unread.addAll(opening.events());
    }

    /** Sends the {@code aggregate}; its error, if any, is thrown as the driver reports it. */
    static RawStream open(MongoClient client, StreamSpec spec) {
        ClientSession session = client.startSession();
        try {
            return new RawStream(client, session, spec);
        } catch (RuntimeException failed) {
            session.close();
            throw failed;
        }
    }

    /** The reply of the {@code aggregate}. */
    Batch opening() {
        return opening;
    }

    long cursorId() {
        return last.cursorId();
    }

    boolean closedByServer() {
        return last.cursorId() == 0;
    }

    /** The token of the latest reply. */
    BsonDocument postBatchResumeToken() {
        BsonDocument token = last.postBatchResumeToken();
        if (token == null) {
            throw new AssertionError("the reply has no postBatchResumeToken");
        }
        return token;
    }

    boolean hasPostBatchResumeToken() {
        return last.postBatchResumeToken() != null;
    }

    /** One {@code getMore}; what it brings is not kept for the other reading methods. */
    Batch getMore(Duration maxAwait) {
        return getMore(maxAwait, 0);
    }

    /** One {@code getMore} with a batch size; 0 leaves the server's own. */
    Batch getMore(Duration maxAwait, int batchSize) {
        BsonDocument command =
                new BsonDocument("getMore", new BsonInt64(last.cursorId()))
                        .append("collection", new BsonString(collection))
                        .append("maxTimeMS", new BsonInt64(maxAwait.toMillis()));
        if (batchSize > 0) {
            command.append("batchSize", new BsonInt32(batchSize));
        }
        last = batch(run(command).getDocument("cursor"), "nextBatch");
        return last;
    }

    /** The next events, exactly so many; fails when they do not come or when more come along. */
    List<BsonDocument> next(int count) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (unread.size() < count) {
            if (closedByServer() || System.nanoTime() > deadline) {
                throw new AssertionError(
                        "expected %s events, cursor %s, got: %s"
                                .formatted(count, closedByServer() ? "closed" : "open", unread));
            }
            unread.addAll(getMore(LONG_AWAIT).events());
        }
        List<BsonDocument> taken = List.copyOf(unread.subList(0, count));
        unread.subList(0, count).clear();
        return taken;
    }

    /**
     * The events of the next reply that has any; the first replies may be empty though there are
     * events. They are not kept for the other reading methods.
     */
    List<BsonDocument> nextBatch(int batchSize) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        List<BsonDocument> events = getMore(LONG_AWAIT, batchSize).events();
        while (events.isEmpty() && !closedByServer() && System.nanoTime() < deadline) {
            events = getMore(LONG_AWAIT, batchSize).events();
        }
        return events;
    }

    BsonDocument next() {
        return next(1).getFirst();
    }

    /**
     * Every event up to an operation time: reads until the stream's own token is of a later time,
     * or the server closes the cursor. A token of that very time proves nothing: it may be the
     * start's, an event's beside which others stand, or a high-water mark of one shard's.
     */
    List<BsonDocument> drain(BsonTimestamp until) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        boolean complete = closedByServer();
        while (!complete) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError(
                        "the stream did not pass %s, its token is %s, read so far: %s"
                                .formatted(until, last.postBatchResumeToken(), unread));
            }
            Batch batch = getMore(SHORT_AWAIT);
            unread.addAll(batch.events());
            boolean past = Tokens.clusterTime(postBatchResumeToken()).compareTo(until) > 0;
            complete = closedByServer() || (batch.events().isEmpty() && past);
        }
        List<BsonDocument> taken = List.copyOf(unread);
        unread.clear();
        return taken;
    }

    /** The reply of {@code killCursors} for this cursor, sent in this stream's session. */
    BsonDocument kill() {
        return run(
                new BsonDocument("killCursors", new BsonString(collection))
                        .append("cursors", new BsonArray(List.of(id()))));
    }

    @Override
    public void close() {
        try {
            if (!closedByServer()) {
                kill();
            }
        } catch (RuntimeException alreadyGone) {
            // The cursor or its server is gone: nothing is left to release.
        } finally {
            session.close();
        }
    }

    private BsonValue id() {
        return new BsonInt64(last.cursorId());
    }

    private BsonDocument run(BsonDocument command) {
        return client.getDatabase(database).runCommand(session, command, BsonDocument.class);
    }

    private static Batch batch(BsonDocument cursor, String field) {
        List<BsonDocument> events =
                cursor.getArray(field).stream().map(BsonValue::asDocument).toList();
        BsonDocument token =
                cursor.containsKey("postBatchResumeToken")
                        ? cursor.getDocument("postBatchResumeToken")
                        : null;
        return new Batch(events, token, cursor.getNumber("id").longValue());
    }
}
