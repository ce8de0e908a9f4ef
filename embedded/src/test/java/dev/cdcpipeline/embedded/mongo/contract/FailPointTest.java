package dev.cdcpipeline.embedded.mongo.contract;

import static dev.cdcpipeline.embedded.mongo.contract.Bson.doc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.mongodb.ConnectionString;
import com.mongodb.MongoClientSettings;
import com.mongodb.MongoException;
import com.mongodb.MongoSocketException;
import com.mongodb.client.ClientSession;
import com.mongodb.client.MongoChangeStreamCursor;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.changestream.ChangeStreamDocument;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Failures on demand, and how a driver's stream lives through them.
 *
 * <p>Rests on the drivers' specifications "Transactions Tests: failCommand", "Retryable Writes",
 * and "Change Streams: Resumable Error"; a real server takes part when it was started with {@code
 * enableTestCommands}. Every failpoint is bound to the test's own application name.
 */
@ExtendWith(MongoContract.class)
@DisplayName("failCommand; Change Streams specification, Resumable Error")
class FailPointTest {

    private final List<MongoClient> clients = new ArrayList<>();
    private boolean takesFailPoints;

    @BeforeEach
    void needsTestCommands(TestDatabase db) {
        db.server().requires(4, 4, "failCommand by application name");
        try {
            db.admin("{configureFailPoint: 'failCommand', mode: 'off'}");
            takesFailPoints = true;
        } catch (MongoException refused) {
            Assumptions.abort("the server does not run with enableTestCommands: " + refused);
        }
    }

    @AfterEach
    void off(TestDatabase db) {
        clients.forEach(MongoClient::close);
        if (takesFailPoints) {
            db.admin("{configureFailPoint: 'failCommand', mode: 'off'}");
        }
    }

    private static void fail(TestDatabase db, String mode, String data) {
        db.admin(
                "{configureFailPoint: 'failCommand', mode: %s, data: {appName: '%s', %s}}",
                mode, db.name(), data);
    }

    /** The collection through a client under the test's own name. */
    private MongoCollection<BsonDocument> failing(TestDatabase db, boolean retryWrites) {
        MongoClient client =
                MongoClients.create(
                        MongoClientSettings.builder()
                                .applyConnectionString(new ConnectionString(db.server().uri()))
                                .applicationName(db.name())
                                .retryWrites(retryWrites)
                                .retryReads(false)
                                .build());
        clients.add(client);
        return client.getDatabase(db.name()).getCollection("items", BsonDocument.class);
    }

    @Test
    void theNextCommandsFailWithTheGivenCode(TestDatabase db) {
        MongoCollection<BsonDocument> items = failing(db, false);
        items.insertOne(doc("{_id: 0}"));
        fail(db, "{times: 2}", "failCommands: ['insert', 'find'], errorCode: 8000");

        assertThat(codeOf(() -> items.insertOne(doc("{_id: 1}")))).isEqualTo(8000);
        db.insert("items", "{_id: 2}");
        assertThat(codeOf(() -> items.find().first())).isEqualTo(8000);
        items.insertOne(doc("{_id: 3}"));

        assertThat(db.collection("items").find())
                .containsExactlyInAnyOrder(doc("{_id: 0}"), doc("{_id: 2}"), doc("{_id: 3}"));
    }

    private static int codeOf(ThrowingCallable call) {
        return catchThrowableOfType(MongoException.class, call).getCode();
    }

    @Test
    void labelsAreSentAsGiven(TestDatabase db) {
        MongoCollection<BsonDocument> items = failing(db, false);
        items.insertOne(doc("{_id: 0}"));
        fail(db, "{times: 1}", "failCommands: ['find'], errorCode: 91, errorLabels: ['Own']");
        MongoException failed =
                catchThrowableOfType(MongoException.class, () -> items.find().first());
        assertThat(failed.hasErrorLabel("Own")).isTrue();
    }

    @Test
    @DisplayName(
            "Transactions, Error Labels: inside a transaction a change of the primary is a"
                    + " TransientTransactionError, at its commit a RetryableWriteError")
    void aChangeOfThePrimaryIsLabelledAsTransient(TestDatabase db) {
        db.insert("items", "{_id: 0}");
        for (int code : List.of(10107, 189, 11602, 91)) {
            for (String command : List.of("insert", "commitTransaction")) {
                MongoException failed = failedInTransaction(db, command, code);
                assertThat(failed.getCode()).isEqualTo(code);
                assertThat(failed.hasErrorLabel("TransientTransactionError"))
                        .as("%s %d", command, code)
                        .isEqualTo(command.equals("insert"));
                assertThat(failed.hasErrorLabel("RetryableWriteError"))
                        .as("%s %d", command, code)
                        .isEqualTo(command.equals("commitTransaction"));
            }
        }
    }

    private MongoException failedInTransaction(TestDatabase db, String command, int code) {
        MongoCollection<BsonDocument> items = failing(db, false);
        try (ClientSession session = clients.getLast().startSession()) {
            session.startTransaction();
            items.find(session).first();
            // A driver sends a commit twice of itself.
            fail(db, "{times: 2}", "failCommands: ['%s'], errorCode: %d".formatted(command, code));
            MongoException failed =
                    catchThrowableOfType(
                            MongoException.class,
                            () -> {
                                items.insertOne(session, doc("{_id: '%s %d'}", command, code));
                                session.commitTransaction();
                            });
            db.admin("{configureFailPoint: 'failCommand', mode: 'off'}");
            if (command.equals("commitTransaction")) {
                session.commitTransaction();
            }
            return failed;
        }
    }

    @Test
    void aWriteWithoutANumberIsNotLabelled(TestDatabase db) {
        MongoCollection<BsonDocument> items = failing(db, false);
        items.insertOne(doc("{_id: 0}"));
        fail(db, "{times: 1}", "failCommands: ['insert'], errorCode: 10107");
        MongoException failed =
                catchThrowableOfType(MongoException.class, () -> items.insertOne(doc("{_id: 1}")));
        assertThat(failed.getCode()).isEqualTo(10107);
        assertThat(failed.getErrorLabels()).isEmpty();
    }

    @Test
    void closeConnectionCutsTheConnection(TestDatabase db) {
        MongoCollection<BsonDocument> items = failing(db, false);
        items.insertOne(doc("{_id: 0}"));
        fail(db, "{times: 1}", "failCommands: ['find'], closeConnection: true");
        assertThat(catchThrowableOfType(MongoSocketException.class, () -> items.find().first()))
                .isNotNull();
    }

    @Test
    @DisplayName("Retryable Writes: a write whose connection was cut is sent again, once in effect")
    void aRetryableWriteSurvivesACutConnection(TestDatabase db) {
        MongoCollection<BsonDocument> items = failing(db, true);
        items.insertOne(doc("{_id: 0}"));
        RawStream stream = db.watch("items");
        fail(db, "{times: 1}", "failCommands: ['insert'], closeConnection: true");
        items.insertOne(doc("{_id: 1}"));
        assertThat(Shapes.keys(db.drain(stream))).containsExactly(doc("{_id: 1}"));
    }

    @Test
    void blockConnectionMakesACommandWait(TestDatabase db) {
        MongoCollection<BsonDocument> items = failing(db, false);
        items.insertOne(doc("{_id: 0}"));
        fail(db, "{times: 1}", "failCommands: ['find'], blockConnection: true, blockTimeMS: 300");
        long start = System.nanoTime();
        assertThat(items.find().first()).isEqualTo(doc("{_id: 0}"));
        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .isGreaterThanOrEqualTo(Duration.ofMillis(250));
    }

    @Test
    void aDriversStreamResumesAfterAResumableError(TestDatabase db) {
        for (String failure :
                List.of(
                        "errorCode: 91, errorLabels: ['ResumableChangeStreamError']",
                        "errorCode: 189, errorLabels: ['ResumableChangeStreamError']",
                        "errorCode: 10107, errorLabels: ['ResumableChangeStreamError']",
                        "errorCode: 43",
                        "closeConnection: true")) {
            BsonDocument before = new BsonDocument("_id", new BsonString("before " + failure));
            BsonDocument after = new BsonDocument("_id", new BsonString("after " + failure));
            MongoCollection<BsonDocument> items = failing(db, true);
            try (MongoChangeStreamCursor<ChangeStreamDocument<BsonDocument>> cursor =
                    items.watch().cursor()) {
                db.collection("items").insertOne(before);
                assertThat(cursor.next().getDocumentKey()).isEqualTo(before);
                fail(db, "{times: 1}", "failCommands: ['getMore'], " + failure);
                db.collection("items").insertOne(after);
                assertThat(cursor.next().getDocumentKey()).isEqualTo(after);
            }
        }
    }

    @Test
    void aDriversStreamEndsWithAnErrorThatIsNotResumable(TestDatabase db) {
        MongoCollection<BsonDocument> items = failing(db, true);
        try (var cursor = items.watch().cursor()) {
            fail(db, "{times: 1}", "failCommands: ['getMore'], errorCode: 286");
            assertThat(codeOf(cursor::next)).isEqualTo(286);
        }
    }
}
