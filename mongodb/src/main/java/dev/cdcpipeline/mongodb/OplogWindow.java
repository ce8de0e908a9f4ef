package dev.cdcpipeline.mongodb;

import com.mongodb.MongoException;
import com.mongodb.client.MongoClient;

import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonTimestamp;

import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** How far back the oplog reaches. A stream that falls behind it has lost changes. */
public final class OplogWindow {
    private static final int ANSWER_SECONDS = 10;

    private final MongoClient client;

    /** The oplog of the cluster that this client reaches. */
    public OplogWindow(MongoClient client) {
        this.client = client;
    }

    /**
     * The time of the oldest entry; none where the account may not read it, or there is no oplog (a
     * router).
     */
    public Optional<BsonTimestamp> oldest() {
        try {
            BsonDocument first =
                    client.withTimeout(ANSWER_SECONDS, TimeUnit.SECONDS)
                            .getDatabase("local")
                            .getCollection("oplog.rs", BsonDocument.class)
                            .find()
                            .sort(new BsonDocument("$natural", new BsonInt32(1)))
                            .projection(new BsonDocument("ts", new BsonInt32(1)))
                            .first();
            return first != null && first.get("ts") instanceof BsonTimestamp time
                    ? Optional.of(time)
                    : Optional.empty();
        } catch (MongoException notReadable) {
            return Optional.empty();
        }
    }
}
