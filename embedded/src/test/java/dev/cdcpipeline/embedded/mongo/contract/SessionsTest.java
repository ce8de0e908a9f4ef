package dev.cdcpipeline.embedded.mongo.contract;

import static dev.cdcpipeline.embedded.mongo.contract.Bson.doc;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.ClientSession;

import org.bson.BsonBinary;
import org.bson.BsonDocument;
import org.bson.BsonInt64;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.UUID;

/**
 * Sessions and retryable writes.
 *
 * <p>Rests on the MongoDB manual: "Server Sessions", "startSession", "refreshSessions",
 * "endSessions"; "Retryable Writes"; "Read Isolation, Consistency, and Recency: Causal
 * Consistency".
 */
@ExtendWith(MongoContract.class)
@DisplayName("Server Sessions, Retryable Writes, Causal Consistency")
class SessionsTest {

    @Test
    void aSessionIsStartedRefreshedAndEnded(TestDatabase db) {
        BsonDocument started = db.admin("{startSession: 1}");
        BsonDocument id = started.getDocument("id");
        assertThat(id.getBinary("id").getType()).isEqualTo((byte) 4);
        assertThat(started.getNumber("timeoutMinutes").intValue()).isPositive();
        String json = id.toJson();
        assertThat(db.admin("{refreshSessions: [%s]}", json).getNumber("ok").intValue())
                .isEqualTo(1);
        assertThat(db.admin("{endSessions: [%s]}", json).getNumber("ok").intValue()).isEqualTo(1);
    }

    @Test
    @DisplayName("Retryable Writes: a statement of a session is done once, and has one event")
    void aRetriedWriteIsDoneOnce(TestDatabase db) throws IOException {
        db.insert("items", "{_id: 0, n: 0}");
        RawStream stream = db.watch("items");
        BsonDocument insert = retryable("{insert: 'items', documents: [{_id: 1}, {_id: 2}]}");
        BsonDocument update =
                retryable("{update: 'items', updates: [{q: {_id: 0}, u: {$inc: {n: 1}}}]}");
        BsonDocument modify =
                retryable("{findAndModify: 'items', query: {_id: 0}, update: {$inc: {n: 10}}}");

        try (RawConnection connection = new RawConnection(db)) {
            for (int attempt = 0; attempt < 2; attempt++) {
                assertThat(connection.send(insert).getNumber("n").intValue()).isEqualTo(2);
                assertThat(connection.send(update).getNumber("nModified").intValue()).isEqualTo(1);
                assertThat(connection.send(modify).getDocument("value"))
                        .isEqualTo(doc("{_id: 0, n: 1}"));
            }
        }

        assertThat(db.shapesOf(stream))
                .containsExactly(
                        db.shapes().insert("items", "{_id: 1}"),
                        db.shapes().insert("items", "{_id: 2}"),
                        db.shapes().update("items", "0", "{n: 1}"),
                        db.shapes().update("items", "0", "{n: 11}"));
    }

    private static BsonDocument retryable(String command) {
        UUID id = UUID.randomUUID();
        byte[] bytes =
                ByteBuffer.allocate(16)
                        .putLong(id.getMostSignificantBits())
                        .putLong(id.getLeastSignificantBits())
                        .array();
        return doc(command)
                .append("lsid", new BsonDocument("id", new BsonBinary((byte) 4, bytes)))
                .append("txnNumber", new BsonInt64(1));
    }

    @Test
    @DisplayName("Causal Consistency: a session reads its own writes")
    void aSessionReadsItsOwnWrites(TestDatabase db) {
        try (ClientSession session = db.client().startSession()) {
            for (int id = 0; id < 20; id++) {
                db.collection("items").insertOne(session, doc("{_id: %d}", id));
                assertThat(db.collection("items").find(session).into(new ArrayList<>()))
                        .hasSize(id + 1);
            }
            assertThat(session.getOperationTime()).isNotNull();
            assertThat(session.getClusterTime()).isNotNull();
        }
    }
}
