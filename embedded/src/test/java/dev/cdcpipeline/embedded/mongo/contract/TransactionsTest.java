package dev.cdcpipeline.embedded.mongo.contract;

import static dev.cdcpipeline.embedded.mongo.contract.Bson.doc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.mongodb.MongoException;
import com.mongodb.client.ClientSession;

import org.bson.BsonDocument;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import java.util.ArrayList;
import java.util.List;

/**
 * Multi-document transactions and their events.
 *
 * <p>Rests on the MongoDB manual: "Transactions", "Transactions: Atomicity", "Production
 * Considerations: In-progress Transactions and Write Conflicts"; "Change Events", fields {@code
 * txnNumber}, {@code lsid}, {@code clusterTime}.
 */
@ExtendWith(MongoContract.class)
@DisplayName("Transactions; Change Events, txnNumber and lsid")
class TransactionsTest {

    @BeforeEach
    void collections(TestDatabase db) {
        db.run("{create: 'items'}");
        db.run("{create: 'second'}");
    }

    @Test
    void aCommitsEventsComeTogetherInTheOrderOfTheWrites(TestDatabase db) {
        RawStream stream = db.watch(db.databaseStream());
        BsonDocument lsid;
        try (ClientSession session = db.client().startSession()) {
            lsid = session.getServerSession().getIdentifier();
            session.startTransaction();
            db.collection("items").insertOne(session, doc("{_id: 1}"));
            db.collection("items").updateOne(session, doc("{_id: 1}"), doc("{$set: {a: 1}}"));
            db.collection("second").insertOne(session, doc("{_id: 2}"));
            db.collection("items").updateOne(session, doc("{_id: 1}"), doc("{$set: {a: 2}}"));
            session.commitTransaction();
        }
        db.insert("items", "{_id: 3}");

        List<BsonDocument> events = db.drain(stream);
        List<BsonDocument> inside = events.subList(0, 4);
        assertThat(db.shapes().of(inside).stream().map(e -> Bson.without(e, "lsid", "txnNumber")))
                .containsExactly(
                        db.shapes().insert("items", "{_id: 1}"),
                        db.shapes().update("items", "1", "{a: 1}"),
                        db.shapes().insert("second", "{_id: 2}"),
                        db.shapes().update("items", "1", "{a: 2}"));
        assertThat(inside)
                .allSatisfy(
                        event -> {
                            assertThat(event.getDocument("lsid").get("id"))
                                    .isEqualTo(lsid.get("id"));
                            assertThat(event.getDocument("lsid").isBinary("uid")).isTrue();
                            assertThat(event.isInt64("txnNumber")).isTrue();
                            assertThat(event.get("clusterTime"))
                                    .isEqualTo(inside.getFirst().get("clusterTime"));
                        });
        assertThat(Tokens.ofEvents(events)).isSorted().doesNotHaveDuplicates();
        assertThat(events.get(4).containsKey("lsid")).isFalse();
        assertThat(events.get(4).containsKey("txnNumber")).isFalse();
    }

    @Test
    void aStreamResumesInTheMiddleOfATransaction(TestDatabase db) {
        RawStream stream = db.watch(db.databaseStream());
        try (ClientSession session = db.client().startSession()) {
            session.startTransaction();
            for (int id = 0; id < 5; id++) {
                db.collection(id % 2 == 0 ? "items" : "second")
                        .insertOne(session, doc("{_id: %d}", id));
            }
            session.commitTransaction();
        }
        List<BsonDocument> events = db.drain(stream);
        assertThat(events).hasSize(5);
        for (int i = 0; i < 5; i++) {
            BsonDocument token = events.get(i).getDocument("_id");
            assertThat(db.drain(db.watch(db.databaseStream().resumeAfter(token))))
                    .isEqualTo(events.subList(i + 1, 5));
        }
    }

    @Test
    @DisplayName("Transactions: Atomicity")
    void nothingIsSeenBeforeTheCommitAndNothingAfterAnAbort(TestDatabase db) {
        RawStream stream = db.watch(db.databaseStream());
        try (ClientSession session = db.client().startSession()) {
            session.startTransaction();
            db.collection("items").insertOne(session, doc("{_id: 1}"));
            assertThat(db.collection("items").find(session).into(new ArrayList<>())).hasSize(1);
            assertThat(db.collection("items").find().into(new ArrayList<>())).isEmpty();
            assertThat(db.drain(stream)).isEmpty();
            session.abortTransaction();

            session.startTransaction();
            db.collection("items").insertOne(session, doc("{_id: 2}"));
            session.commitTransaction();
        }
        assertThat(Shapes.keys(db.drain(stream))).containsExactly(doc("{_id: 2}"));
        assertThat(db.collection("items").find()).containsExactly(doc("{_id: 2}"));
    }

    @Test
    void anEventOutsideComesBeforeATransactionThatCommitsLater(TestDatabase db) {
        RawStream stream = db.watch(db.databaseStream());
        try (ClientSession session = db.client().startSession()) {
            session.startTransaction();
            db.collection("items").insertOne(session, doc("{_id: 'inside'}"));
            db.insert("items", "{_id: 'outside'}");
            session.commitTransaction();
        }
        assertThat(Shapes.keys(db.drain(stream)))
                .containsExactly(doc("{_id: 'outside'}"), doc("{_id: 'inside'}"));
    }

    @Test
    void aTransactionWithoutWritesHasNoEvents(TestDatabase db) {
        db.insert("items", "{_id: 1}");
        RawStream stream = db.watch(db.databaseStream());
        try (ClientSession session = db.client().startSession()) {
            session.startTransaction();
            assertThat(db.collection("items").find(session).into(new ArrayList<>())).hasSize(1);
            db.collection("items").updateOne(session, doc("{_id: 9}"), doc("{$set: {a: 1}}"));
            session.commitTransaction();
        }
        assertThat(db.drain(stream)).isEmpty();
    }

    @Test
    @DisplayName("Transactions: In-progress Transactions and Write Conflicts (112)")
    void theSecondWriterOfADocumentConflicts(TestDatabase db) {
        db.insert("items", "{_id: 1, n: 0}");
        RawStream stream = db.watch(db.databaseStream());
        try (ClientSession first = db.client().startSession();
                ClientSession second = db.client().startSession()) {
            first.startTransaction();
            second.startTransaction();
            db.collection("items").updateOne(first, doc("{_id: 1}"), doc("{$set: {n: 1}}"));
            MongoException failed =
                    catchThrowableOfType(
                            MongoException.class,
                            () ->
                                    db.collection("items")
                                            .updateOne(
                                                    second,
                                                    doc("{_id: 1}"),
                                                    doc("{$set: {n: 2}}")));
            assertThat(failed).isNotNull();
            assertThat(failed.getCode()).isEqualTo(112);
            assertThat(failed.hasErrorLabel("TransientTransactionError")).isTrue();
            second.abortTransaction();
            first.commitTransaction();
        }
        assertThat(db.collection("items").find()).containsExactly(doc("{_id: 1, n: 1}"));
        assertThat(db.drain(stream)).hasSize(1);
    }

    @Test
    void anErrorInsideAbortsTheTransaction(TestDatabase db) {
        db.insert("items", "{_id: 1}");
        RawStream stream = db.watch(db.databaseStream());
        try (ClientSession session = db.client().startSession()) {
            session.startTransaction();
            db.collection("items").insertOne(session, doc("{_id: 2}"));
            MongoException duplicate =
                    catchThrowableOfType(
                            MongoException.class,
                            () -> db.collection("items").insertOne(session, doc("{_id: 1}")));
            assertThat(duplicate.getCode()).isEqualTo(11000);
            MongoException gone =
                    catchThrowableOfType(MongoException.class, session::commitTransaction);
            assertThat(gone.getCode()).isEqualTo(251);
        }
        assertThat(db.drain(stream)).isEmpty();
        assertThat(db.collection("items").find()).containsExactly(doc("{_id: 1}"));
    }

    @Test
    void aTransactionReadsTheSnapshotOfItsStart(TestDatabase db) {
        db.insert("items", "{_id: 1, n: 0}");
        try (ClientSession session = db.client().startSession()) {
            session.startTransaction();
            assertThat(db.collection("items").find(session)).containsExactly(doc("{_id: 1, n: 0}"));
            db.update("items", "{_id: 1}", "{$set: {n: 5}}");
            assertThat(db.collection("items").find(session)).containsExactly(doc("{_id: 1, n: 0}"));
            session.commitTransaction();
        }
        assertThat(db.collection("items").find()).containsExactly(doc("{_id: 1, n: 5}"));
    }
}
