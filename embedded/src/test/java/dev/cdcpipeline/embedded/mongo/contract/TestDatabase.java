package dev.cdcpipeline.embedded.mongo.contract;

import static dev.cdcpipeline.embedded.mongo.contract.Bson.doc;

import com.mongodb.WriteConcern;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;

import org.bson.BsonDocument;
import org.bson.BsonTimestamp;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * A database of one test alone, under a name that nobody else uses; it and what was opened through
 * it are gone after the test.
 */
final class TestDatabase implements AutoCloseable {

    private final TestedServer server;
    private final String name = "contract_" + UUID.randomUUID().toString().replace("-", "");
    private final List<TestDatabase> siblings = new ArrayList<>();
    private final List<RawStream> streams = new ArrayList<>();

    TestDatabase(TestedServer server) {
        this.server = server;
    }

    String name() {
        return name;
    }

    TestedServer server() {
        return server;
    }

    ServerVersion version() {
        return server.version();
    }

    MongoClient client() {
        return server.client();
    }

    MongoDatabase driver() {
        return client().getDatabase(name);
    }

    MongoCollection<BsonDocument> collection(String collection) {
        return driver().getCollection(collection, BsonDocument.class);
    }

    /** What an event of this database looks like. */
    Shapes shapes() {
        return new Shapes(name, version());
    }

    /** Another database of this test. */
    TestDatabase sibling() {
        TestDatabase sibling = new TestDatabase(server);
        siblings.add(sibling);
        return sibling;
    }

    BsonDocument run(String json, Object... arguments) {
        return run(doc(json, arguments));
    }

    BsonDocument run(BsonDocument command) {
        return driver().runCommand(command, BsonDocument.class);
    }

    BsonDocument admin(String json, Object... arguments) {
        return client().getDatabase("admin").runCommand(doc(json, arguments), BsonDocument.class);
    }

    void insert(String collection, String... documents) {
        List<BsonDocument> all = new ArrayList<>();
        for (String document : documents) {
            all.add(doc(document));
        }
        collection(collection).insertMany(all);
    }

    /** One update statement through the {@code update} command. */
    BsonDocument update(String collection, String query, String update) {
        return run("{update: '%s', updates: [{q: %s, u: %s}]}", collection, query, update);
    }

    BsonDocument delete(String collection, String query) {
        return run("{delete: '%s', deletes: [{q: %s, limit: 1}]}", collection, query);
    }

    StreamSpec stream(String collection) {
        return StreamSpec.collection(name, collection);
    }

    StreamSpec databaseStream() {
        return StreamSpec.database(name);
    }

    StreamSpec clusterStream() {
        List<String> names = new ArrayList<>(List.of(name));
        siblings.forEach(sibling -> names.add(sibling.name));
        return StreamSpec.cluster(names);
    }

    /** Opens a change stream that is closed with this database. */
    RawStream watch(StreamSpec spec) {
        RawStream stream = RawStream.open(client(), spec);
        streams.add(stream);
        return stream;
    }

    RawStream watch(String collection) {
        return watch(stream(collection));
    }

    /** The time of the latest operation that the server has applied. */
    BsonTimestamp now() {
        return run("{ping: 1}").getTimestamp("operationTime");
    }

    /** The events of a stream up to this moment. */
    List<BsonDocument> drain(RawStream stream) {
        BsonTimestamp now = now();
        tick();
        return stream.drain(now);
    }

    /** Moves the cluster time on, so that streams can pass the present. */
    private void tick() {
        clock().getCollection("ticks", BsonDocument.class).insertOne(new BsonDocument());
    }

    private MongoDatabase clock() {
        return client().getDatabase(name + "_clock").withWriteConcern(WriteConcern.MAJORITY);
    }

    /** The shapes of a stream's events up to this moment. */
    List<BsonDocument> shapesOf(RawStream stream) {
        return shapes().of(drain(stream));
    }

    @Override
    public void close() {
        streams.forEach(RawStream::close);
        siblings.forEach(TestDatabase::close);
        driver().drop();
        clock().drop();
    }
}
