package dev.cdcpipeline.watcher.capture;

import com.mongodb.ClientSessionOptions;
import com.mongodb.MongoException;
import com.mongodb.ReadPreference;
import com.mongodb.client.ClientSession;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoDatabase;

import dev.cdcpipeline.model.ResumeToken;

import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonInt64;
import org.bson.BsonString;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * An open change stream, read a batch at a time by {@code aggregate} and {@code getMore} commands
 * of its own. The driver's cursor copies every event twice and hides where batches end; this one
 * copies a batch once and says it. It does not resume: whoever reads it decides when and where to
 * open the next one.
 *
 * <p>Not thread-safe. Every method throws {@link MongoException} as the driver does.
 */
final class ChangeStream implements AutoCloseable {
    private static final int KILL_SECONDS = 5;

    private final MongoDatabase database;
    private final ReadPreference readPreference;
    private final ClientSession session;
    private final String collection;
    private final CursorReply opened;
    private long cursorId;

    private ChangeStream(
            MongoDatabase database,
            ReadPreference readPreference,
            ClientSession session,
            BsonDocument command) {
        this.database = database;
        this.readPreference = readPreference;
        this.session = session;
        this.opened = run(command);
        this.cursorId = opened.cursorId();
        this.collection =
                command.get("aggregate") instanceof BsonString name
                        ? name.getValue()
                        : "$cmd.aggregate";
    }

    /** Opens a stream, without reading any event. */
    static ChangeStream open(MongoClient client, StreamDefinition definition, StartFrom start) {
        MongoDatabase database =
                CursorReply.readable(client.getDatabase(definition.scope().target().database()));
        // The cursor belongs to the session. It is not causally consistent: the stream reads what
        // the majority has.
        ClientSession session =
                client.startSession(
                        ClientSessionOptions.builder().causallyConsistent(false).build());
        try {
            return new ChangeStream(
                    database, database.getReadPreference(), session, definition.command(start));
        } catch (RuntimeException e) {
            session.close();
            throw e;
        }
    }

    /**
     * From where the stream could be opened again right after it was opened; null when the server
     * does not say.
     */
    @Nullable ResumeToken openedAt() {
        return opened.postBatchResumeToken();
    }

    /** Whether the server has closed the stream, as it does after an invalidate event. */
    boolean ended() {
        return cursorId == 0;
    }

    /**
     * The next batch, empty when there was no event in the time given.
     *
     * @param batchSize most events in the batch; the server ends it at 16 MB in any case
     * @param await how long the server may wait for the first event
     */
    CursorReply next(int batchSize, Duration await) {
        CursorReply reply =
                run(
                        new BsonDocument("getMore", new BsonInt64(cursorId))
                                .append("collection", new BsonString(collection))
                                .append("batchSize", new BsonInt32(batchSize))
                                .append("maxTimeMS", new BsonInt64(await.toMillis())));
        cursorId = reply.cursorId();
        return reply;
    }

    private CursorReply run(BsonDocument command) {
        return database.runCommand(session, command, readPreference, CursorReply.class);
    }

    /**
     * Closes the cursor on the server where that is possible; it would otherwise time out there.
     */
    @Override
    public void close() {
        try (session) {
            if (cursorId != 0) {
                database.withTimeout(KILL_SECONDS, TimeUnit.SECONDS)
                        .runCommand(
                                session,
                                new BsonDocument("killCursors", new BsonString(collection))
                                        .append(
                                                "cursors",
                                                new BsonArray(List.of(new BsonInt64(cursorId)))));
            }
        } catch (MongoException unreachable) {
            // The server drops the cursor when the session times out.
        }
    }
}
