package dev.cdcpipeline.embedded.mongo.contract;

import static dev.cdcpipeline.embedded.mongo.contract.Bson.doc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.mongodb.MongoCommandException;
import com.mongodb.client.ClientSession;

import dev.cdcpipeline.embedded.mongo.MongoReplicaSet;
import dev.cdcpipeline.embedded.mongo.contract.Recording.Result;
import dev.cdcpipeline.embedded.mongo.contract.Recording.Scenario;

import org.bson.BsonDocument;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;

import java.util.List;
import java.util.stream.Stream;

/**
 * Every scenario that was recorded from a real server, sent again: the same events field by field,
 * outcomes, errors, tokens and closed cursors, save for what differs from run to run and for what
 * MongoDB documents as different in the server's version.
 */
@ExtendWith(MongoContract.class)
class RecordedScenariosTest {

    @TestFactory
    @DisplayName("recorded from a real server, replayed")
    Stream<DynamicTest> answersAsTheRecordedServerDid(TestedServer server) {
        return Recording.V4_2.scenarios().stream()
                .map(
                        scenario ->
                                DynamicTest.dynamicTest(
                                        scenario.name(), () -> replay(scenario, server)));
    }

    @TestFactory
    @DisplayName("recorded from a second real server, which makes document diffs, replayed")
    Stream<DynamicTest> answersAsTheSecondRecordedServerDid(TestedServer server) {
        server.requires(4, 9, "updates described by document diffs");
        return Recording.V4_9.scenarios().stream()
                .map(
                        scenario ->
                                DynamicTest.dynamicTest(
                                        scenario.name(), () -> replay(scenario, server)));
    }

    @TestFactory
    @DisplayName("recorded from a real server, replayed on an embedded 4.2 server")
    Stream<DynamicTest> answersAsTheRecordedServerDidInItsVersion(TestedServer server) {
        server.requiresEmbedded("a real server has one version, and the other test replays on it");
        TestedServer old = TestedServer.embedded(MongoReplicaSet.builder().version("4.2").start());
        return Recording.V4_2.scenarios().stream()
                .map(
                        scenario ->
                                DynamicTest.dynamicTest(
                                        scenario.name(), () -> replay(scenario, old)))
                .onClose(old::close);
    }

    @TestFactory
    @DisplayName("recorded from a second real server, replayed on an embedded 5.0 server")
    Stream<DynamicTest> answersAsTheSecondRecordedServerDidInItsVersion(TestedServer server) {
        server.requiresEmbedded("a real server has one version, and the other test replays on it");
        TestedServer old = TestedServer.embedded(MongoReplicaSet.builder().version("5.0").start());
        return Recording.V4_9.scenarios().stream()
                .map(
                        scenario ->
                                DynamicTest.dynamicTest(
                                        scenario.name(), () -> replay(scenario, old)))
                .onClose(old::close);
    }

    private static void replay(Scenario scenario, TestedServer server) {
        try (TestDatabase shop = new TestDatabase(server)) {
            if (scenario.name().startsWith("idle stream")) {
                idleStream(shop);
            } else if (scenario.name().startsWith("update whose event with look-up exceeds")) {
                tooLargeEvent(shop);
            } else if (scenario.name().startsWith("transaction over two collections")) {
                transaction(scenario, shop);
            } else if (scenario.watches().getFirst().containsKey("second")) {
                new Replay(shop, scenario.recording()).readTwice(scenario);
            } else {
                new Replay(shop, scenario.recording()).watchWhileOperating(scenario);
            }
        }
    }

    private static void idleStream(TestDatabase shop) {
        RawStream stream = shop.watch("items");
        BsonDocument atOpening = stream.postBatchResumeToken();
        shop.insert("second", "{_id: 1}");
        assertThat(shop.drain(stream)).isEmpty();
        assertThat(Tokens.data(stream.postBatchResumeToken()))
                .isGreaterThan(Tokens.data(atOpening));
    }

    private static void tooLargeEvent(TestDatabase shop) {
        shop.insert("items", "{_id: 1}");
        RawStream stream = shop.watch(shop.stream("items").fullDocument("updateLookup"));
        assertThat(stream.hasPostBatchResumeToken()).isTrue();
        String large = "x".repeat(9 << 20);
        shop.collection("items").updateOne(doc("{_id: 1}"), doc("{$set: {s: '%s'}}", large));
        MongoCommandException failed =
                catchThrowableOfType(MongoCommandException.class, () -> shop.drain(stream));
        assertThat(failed).isNotNull();
        assertThat(failed.getErrorCode()).isEqualTo(10334);
        assertThat(failed.getErrorCodeName()).isEqualTo("BSONObjectTooLarge");
    }

    /** The recording holds this scenario's operations in words. */
    private static void transaction(Scenario scenario, TestDatabase shop) {
        shop.run("{create: 'items'}");
        shop.run("{create: 'second'}");
        RawStream stream = shop.watch(shop.databaseStream());
        try (ClientSession session = shop.client().startSession()) {
            session.startTransaction();
            shop.collection("items").insertOne(session, doc("{_id: 1, a: 1}"));
            shop.collection("second").insertOne(session, doc("{_id: 1}"));
            shop.collection("items").updateOne(session, doc("{_id: 1}"), doc("{$set: {a: 2}}"));
            shop.collection("items").deleteOne(session, doc("{_id: 1}"));
            session.commitTransaction();
            session.startTransaction();
            shop.collection("items").insertOne(session, doc("{_id: 2}"));
            session.abortTransaction();
        }
        List<BsonDocument> events = shop.drain(stream);
        new RecordedExpectation(scenario.recording(), shop.version(), database -> shop.name())
                .check(
                        "the transaction",
                        Result.of(scenario.watches().getFirst().getDocument("result")),
                        new Result(events, null, stream.hasPostBatchResumeToken(), false));
        assertThat(events)
                .extracting(event -> event.get("clusterTime"))
                .containsOnly(events.getFirst().get("clusterTime"));
    }
}
