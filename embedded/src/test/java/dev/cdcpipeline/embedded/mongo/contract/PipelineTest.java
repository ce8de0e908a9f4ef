package dev.cdcpipeline.embedded.mongo.contract;

import static dev.cdcpipeline.embedded.mongo.contract.Bson.doc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.mongodb.MongoCommandException;

import org.bson.BsonBoolean;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;

/**
 * Stages after {@code $changeStream}, and what may not stand there.
 *
 * <p>Rests on the MongoDB manual: "Change Streams", section "Modify Change Stream Output";
 * "$changeStream (aggregation stage)"; "Error Codes".
 */
@ExtendWith(MongoContract.class)
@DisplayName("Change Streams, Modify Change Stream Output")
class PipelineTest {

    private static RawStream watched(TestDatabase db, String... stages) {
        BsonDocument[] pipeline =
                List.of(stages).stream().map(Bson::doc).toArray(BsonDocument[]::new);
        RawStream stream = db.watch(db.databaseStream().then(pipeline));
        db.insert("items", "{_id: 1, a: 1, n: {x: 1}}", "{_id: 2, a: 2}");
        db.insert("second", "{_id: 3, a: 1}");
        db.update("items", "{_id: 1}", "{$set: {a: 5}}");
        db.delete("items", "{_id: 2}");
        return stream;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "{operationType: 'insert'} | insert insert insert",
                "{operationType: {$in: ['update', 'delete']}} | update delete",
                "{operationType: {$ne: 'insert'}} | update delete",
                "{'ns.coll': 'second'} | insert",
                "{'ns.coll': {$in: ['items']}} | insert insert update delete",
                "{'ns.coll': {$nin: ['items']}} | insert",
                "{'ns.coll': {$regex: '^sec'}} | insert",
                "{'ns.coll': /^it/} | insert insert update delete",
                "{ns: {$exists: true}, 'fullDocument.a': {$gte: 2}} | insert",
                "{'fullDocument.n.x': 1} | insert",
                "{'documentKey._id': 1} | insert update",
                "{'updateDescription.updatedFields.a': 5} | update",
                "{'updateDescription.updatedFields.a': {$exists: true}} | update",
                "{$or: [{operationType: 'delete'}, {'fullDocument._id': 3}]} | insert delete",
                "{$and: [{operationType: 'insert'}, {'ns.coll': 'items'}]} | insert insert",
                "{$nor: [{operationType: 'insert'}]} | update delete",
                "{fullDocument: {$exists: false}} | update delete",
                "{$expr: {$eq: ['$operationType', 'delete']}} | delete",
                "{operationType: 'nothing'} | ''"
            })
    void matchLetsThroughTheEventsThatMatch(String match, String types, TestDatabase db) {
        RawStream stream = watched(db, "{$match: " + match + "}");
        List<String> expected = types.equals("''") ? List.of() : List.of(types.split(" "));
        assertThat(Shapes.types(db.drain(stream))).isEqualTo(expected);
    }

    @Test
    void stagesChangeEventsInTheirOrder(TestDatabase db) {
        RawStream stream =
                watched(
                        db,
                        "{$match: {operationType: 'insert'}}",
                        "{$addFields: {'extra.sum': {$add: ['$fullDocument.a', 10]}}}",
                        "{$match: {'extra.sum': 11}}",
                        "{$project: {extra: 1, documentKey: 1}}");

        assertThat(db.drain(stream).stream().map(event -> Bson.without(event, "_id")))
                .containsExactly(
                        doc("{documentKey: {_id: 1}, extra: {sum: 11}}"),
                        doc("{documentKey: {_id: 3}, extra: {sum: 11}}"));
    }

    @Test
    void replaceWithKeepsTheTokenWhenItIsKept(TestDatabase db) {
        RawStream stream =
                watched(db, "{$replaceRoot: {newRoot: {_id: '$_id', op: '$operationType'}}}");
        List<BsonDocument> events = db.drain(stream);
        assertThat(events)
                .extracting(event -> event.getString("op").getValue())
                .containsExactly("insert", "insert", "insert", "update", "delete");
        assertThat(Tokens.ofEvents(events)).isSorted();
    }

    @ParameterizedTest
    @DisplayName("$changeStream: stages that are allowed after it")
    @ValueSource(
            strings = {
                "{$set: {x: 1}}",
                "{$unset: 'clusterTime'}",
                "{$redact: '$$DESCEND'}",
                "{$replaceWith: {_id: '$_id'}}",
                "{$project: {ns: 1}}",
                "{$addFields: {x: '$ns.coll'}}"
            })
    void allowedStages(String stage, TestDatabase db) {
        RawStream stream = watched(db, stage);
        assertThat(db.drain(stream)).hasSize(5);
    }

    @ParameterizedTest
    @DisplayName("$changeStream: stages that are refused after it (20, IllegalOperation)")
    @ValueSource(
            strings = {
                "{$group: {_id: '$_id'}}",
                "{$sort: {_id: 1}}",
                "{$skip: 100}",
                "{$limit: 100}",
                "{$sample: {size: 100}}",
                "{$unwind: '$_id'}",
                "{$lookup: {from: 'c', as: 'as', localField: '_id', foreignField: '_id'}}",
                "{$facet: {f: [{$match: {_id: {$exists: true}}}]}}",
                "{$out: 'x'}"
            })
    void refusedStages(String stage, TestDatabase db) {
        db.run("{create: 'items'}");
        assertThat(error(db, db.stream("items").then(doc(stage))).getErrorCode()).isEqualTo(20);
    }

    @ParameterizedTest
    @DisplayName("Modify Change Stream Output: changing _id ends the stream (280)")
    @ValueSource(
            strings = {
                "{$project: {_id: 0}}",
                "{$set: {_id: 'mine'}}",
                "{$replaceRoot: {newRoot: {a: 1}}}"
            })
    void changingTheTokenEndsTheStream(String stage, TestDatabase db) {
        RawStream stream = watched(db, stage);
        MongoCommandException failed =
                catchThrowableOfType(MongoCommandException.class, () -> db.drain(stream));
        assertThat(failed).isNotNull();
        assertThat(failed.getErrorCode()).isEqualTo(280);
        assertThat(failed.hasErrorLabel("NonResumableChangeStreamError")).isTrue();
    }

    @Test
    void anUnknownStageIsNamedAsSuch(TestDatabase db) {
        db.run("{create: 'items'}");
        MongoCommandException after = error(db, db.stream("items").then(doc("{$nonsense: {}}")));
        assertThat(after.getErrorCode()).isEqualTo(40324);
        MongoCommandException alone =
                catchThrowableOfType(
                        MongoCommandException.class,
                        () ->
                                db.run(
                                        "{aggregate: 'items', pipeline: [{$nonsense: {}}],"
                                                + " cursor: {}}"));
        assertThat(alone.getErrorCode()).isEqualTo(40324);
    }

    @Test
    @DisplayName("$changeStream: must be the first stage (40602)")
    void changeStreamMustComeFirst(TestDatabase db) {
        db.run("{create: 'items'}");
        MongoCommandException failed =
                catchThrowableOfType(
                        MongoCommandException.class,
                        () ->
                                db.run(
                                        "{aggregate: 'items', cursor: {}, pipeline:"
                                                + " [{$match: {}}, {$changeStream: {}}]}"));
        assertThat(failed.getErrorCode()).isEqualTo(40602);
    }

    @Test
    @DisplayName("$changeStream, allChangesForCluster: on the admin database only (72)")
    void theClusterIsWatchedThroughAdminOnly(TestDatabase db) {
        StreamSpec wrong = db.databaseStream().with("allChangesForCluster", BsonBoolean.TRUE);
        assertThat(error(db, wrong).getErrorCode()).isEqualTo(72);
    }

    @ParameterizedTest
    @DisplayName("Change Streams: not on admin, config, local, nor on system collections (73)")
    @CsvSource({"admin,items", "config,items", "local,items", ",system.users", ",system.views"})
    void internalNamespacesAreRefused(String database, String collection, TestDatabase db) {
        String name = database == null ? db.name() : database;
        StreamSpec spec = StreamSpec.collection(name, collection);
        assertThat(error(db, spec).getErrorCode()).isEqualTo(73);
    }

    @Test
    void theArgumentOfChangeStreamIsADocument(TestDatabase db) {
        db.run("{create: 'items'}");
        MongoCommandException failed =
                catchThrowableOfType(
                        MongoCommandException.class,
                        () ->
                                db.run(
                                        "{aggregate: 'items', cursor: {},"
                                                + " pipeline: [{$changeStream: 1}]}"));
        assertThat(failed.getErrorCode()).isIn(50808, 6188500);
    }

    @Test
    @DisplayName("$changeStream, startAtOperationTime: a timestamp and nothing else (14)")
    void anOperationTimeOfAnotherTypeIsRefused(TestDatabase db) {
        StreamSpec wrong = db.stream("items").with("startAtOperationTime", new BsonInt32(5));
        assertThat(error(db, wrong).getErrorCode()).isEqualTo(14);
    }

    @Test
    @DisplayName("Read Concern: a change stream reads with majority only (72)")
    void anotherReadConcernIsRefused(TestDatabase db) {
        db.run("{create: 'items'}");
        MongoCommandException failed =
                catchThrowableOfType(
                        MongoCommandException.class,
                        () ->
                                db.run(
                                        "{aggregate: 'items', cursor: {}, pipeline:"
                                                + " [{$changeStream: {}}],"
                                                + " readConcern: {level: 'local'}}"));
        assertThat(failed).isNotNull();
        assertThat(failed.getErrorCode()).isEqualTo(72);
    }

    private static MongoCommandException error(TestDatabase db, StreamSpec spec) {
        return catchThrowableOfType(MongoCommandException.class, () -> db.watch(spec));
    }
}
