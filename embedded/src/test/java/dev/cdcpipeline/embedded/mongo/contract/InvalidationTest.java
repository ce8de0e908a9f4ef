package dev.cdcpipeline.embedded.mongo.contract;

import static dev.cdcpipeline.embedded.mongo.contract.Bson.doc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.mongodb.MongoException;

import org.bson.BsonDocument;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import java.util.List;

/**
 * What ends a stream, by its scope, and how to go on.
 *
 * <p>Rests on the MongoDB manual: "Change Events", sections "drop Event", "rename Event",
 * "dropDatabase Event", "invalidate Event"; "Change Streams", section "startAfter for Change
 * Streams".
 */
@ExtendWith(MongoContract.class)
@DisplayName("Change Events, invalidate Event")
class InvalidationTest {

    @Test
    void aDroppedCollectionEndsItsOwnStreamOnly(TestDatabase db) {
        db.run("{create: 'items'}");
        db.run("{create: 'second'}");
        RawStream items = db.watch("items");
        RawStream second = db.watch("second");
        RawStream database = db.watch(db.databaseStream());

        db.run("{drop: 'items'}");
        db.insert("second", "{_id: 1}");

        assertThat(db.shapesOf(items))
                .containsExactly(db.shapes().drop("items"), db.shapes().invalidate());
        assertThat(items.closedByServer()).isTrue();
        assertThat(Shapes.types(db.drain(second))).containsExactly("insert");
        assertThat(Shapes.types(db.drain(database))).containsExactly("drop", "insert");
        assertThat(database.closedByServer()).isFalse();
    }

    @Test
    void aClosedCursorIsGone(TestDatabase db) {
        db.run("{create: 'items'}");
        RawStream stream = db.watch("items");
        long id = stream.cursorId();
        db.run("{drop: 'items'}");
        db.drain(stream);

        MongoException failed =
                catchThrowableOfType(
                        MongoException.class,
                        () -> db.run("{getMore: {$numberLong: '%d'}, collection: 'items'}", id));

        assertThat(failed.getCode()).isEqualTo(43);
    }

    @Test
    void aRenameOverATargetEndsTheStreamsOfBothAndIsOneEventForTheDatabase(TestDatabase db) {
        db.insert("from", "{_id: 1}");
        db.insert("target", "{_id: 2}");
        RawStream from = db.watch("from");
        RawStream target = db.watch("target");
        RawStream database = db.watch(db.databaseStream());

        db.admin("{renameCollection: '%1$s.from', to: '%1$s.target', dropTarget: true}", db.name());

        BsonDocument rename = db.shapes().rename("from", "target");
        assertThat(db.shapesOf(from)).containsExactly(rename, db.shapes().invalidate());
        assertThat(db.shapesOf(target)).containsExactly(rename, db.shapes().invalidate());
        assertThat(db.shapesOf(database)).containsExactly(rename);
        assertThat(db.collection("target").find()).containsExactly(doc("{_id: 1}"));
    }

    @Test
    void aRenameOntoAnExistingTargetIsRefusedAndNoEvent(TestDatabase db) {
        db.insert("from", "{_id: 1}");
        db.insert("target", "{_id: 2}");
        RawStream database = db.watch(db.databaseStream());

        MongoException failed =
                catchThrowableOfType(
                        MongoException.class,
                        () ->
                                db.admin(
                                        "{renameCollection: '%1$s.from', to: '%1$s.target'}",
                                        db.name()));

        assertThat(failed.getCode()).isEqualTo(48);
        assertThat(db.drain(database)).isEmpty();
    }

    @Test
    @DisplayName("dropDatabase Event: ends a database's stream, not the cluster's")
    void aDroppedDatabaseEndsItsStreamAndItsCollectionsStreams(TestDatabase db) {
        db.run("{create: 'items'}");
        RawStream items = db.watch("items");
        RawStream database = db.watch(db.databaseStream());
        RawStream cluster = db.watch(db.clusterStream());

        db.run("{dropDatabase: 1}");

        assertThat(Shapes.types(db.drain(items))).containsExactly("drop", "invalidate");
        assertThat(db.shapesOf(database))
                .containsExactly(
                        db.shapes().drop("items"),
                        db.shapes().dropDatabase(),
                        db.shapes().invalidate());
        assertThat(database.closedByServer()).isTrue();
        assertThat(Shapes.types(db.drain(cluster))).containsExactly("drop", "dropDatabase");
        assertThat(cluster.closedByServer()).isFalse();
    }

    @Test
    void droppingADatabaseThatIsNotThereIsNoEvent(TestDatabase db) {
        RawStream database = db.watch(db.databaseStream());
        db.run("{dropDatabase: 1}");
        assertThat(db.drain(database)).isEmpty();
    }

    @Test
    @DisplayName("startAfter for Change Streams: the only way on from an invalidate")
    void startAfterAnInvalidateSeesTheCollectionMadeAnew(TestDatabase db) {
        db.insert("items", "{_id: 1}");
        RawStream first = db.watch("items");
        db.run("{drop: 'items'}");
        BsonDocument invalidate = db.drain(first).getLast();
        db.insert("items", "{_id: 2}");
        BsonDocument token = invalidate.getDocument("_id");

        RawStream second = db.watch(db.stream("items").startAfter(token));
        db.run("{drop: 'items'}");

        List<BsonDocument> events = db.drain(second);
        assertThat(Shapes.types(events)).containsExactly("insert", "drop", "invalidate");
        MongoException refused =
                catchThrowableOfType(
                        MongoException.class,
                        () -> db.watch(db.stream("items").resumeAfter(token)));
        assertThat(refused.getCode()).isEqualTo(260);
    }

    @Test
    void resumeAfterADropBringsItsInvalidate(TestDatabase db) {
        db.run("{create: 'items'}");
        RawStream first = db.watch("items");
        db.run("{drop: 'items'}");
        List<BsonDocument> events = db.drain(first);
        BsonDocument drop = events.getFirst().getDocument("_id");

        RawStream resumed = db.watch(db.stream("items").resumeAfter(drop));

        assertThat(db.drain(resumed)).containsExactly(events.getLast());
        assertThat(resumed.closedByServer()).isTrue();
    }

    @Test
    void anInvalidateSortsAfterTheEventThatCausedIt(TestDatabase db) {
        db.run("{create: 'items'}");
        RawStream stream = db.watch("items");
        db.run("{drop: 'items'}");
        List<BsonDocument> events = db.drain(stream);

        assertThat(Tokens.ofEvents(events)).isSorted().doesNotHaveDuplicates();
        assertThat(events.getLast().get("clusterTime"))
                .isEqualTo(events.getFirst().get("clusterTime"));
        assertThat(stream.opening().cursorId()).isNotZero();
        assertThat(stream.closedByServer()).isTrue();
    }

    @Test
    void aPipelineMayHideTheDropButNotTheInvalidation(TestDatabase db) {
        db.run("{create: 'items'}");
        RawStream stream =
                db.watch(db.stream("items").then(doc("{$match: {operationType: 'invalidate'}}")));
        db.run("{drop: 'items'}");

        assertThat(db.shapesOf(stream)).containsExactly(db.shapes().invalidate());
        assertThat(stream.closedByServer()).isTrue();
    }
}
