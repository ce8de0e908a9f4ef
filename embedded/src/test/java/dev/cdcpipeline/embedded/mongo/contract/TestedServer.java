package dev.cdcpipeline.embedded.mongo.contract;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;

import dev.cdcpipeline.embedded.mongo.MongoReplicaSet;
import dev.cdcpipeline.embedded.mongo.TestMongo;

import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

import java.util.Objects;

/**
 * The server that the contract is asked of: the real replica set at {@code CDC_TEST_MONGODB_URI}
 * when that is set, an embedded one otherwise (of the version in the system property {@code
 * mongo.version}, or its default).
 */
final class TestedServer implements AutoCloseable {

    private final String uri;
    private final @Nullable MongoReplicaSet embedded;
    private final MongoClient client;
    private final ServerVersion version;

    private TestedServer(String uri, @Nullable MongoReplicaSet embedded) {
        this.uri = uri;
        this.embedded = embedded;
        this.client = MongoClients.create(uri);
        BsonDocument buildInfo =
                client.getDatabase("admin")
                        .runCommand(
                                new BsonDocument("buildInfo", new BsonInt32(1)),
                                BsonDocument.class);
        this.version = ServerVersion.parse(buildInfo.getString("version").getValue());
    }

    static TestedServer start() {
        String real = TestMongo.realUri();
        if (real != null) {
            return new TestedServer(real, null);
        }
        String version = System.getProperty("mongo.version");
        return embedded(
                version == null
                        ? MongoReplicaSet.start()
                        : MongoReplicaSet.builder().version(version).start());
    }

    /** An embedded server of the caller's making; it is stopped with this. */
    static TestedServer embedded(MongoReplicaSet server) {
        return new TestedServer(server.uri(), server);
    }

    String uri() {
        return uri;
    }

    MongoClient client() {
        return client;
    }

    ServerVersion version() {
        return version;
    }

    boolean isReal() {
        return embedded == null;
    }

    /** Skips the test, with the reason, on servers that do not have the feature yet. */
    void requires(int major, int minor, String feature) {
        Assumptions.assumeTrue(
                version.atLeast(major, minor),
                () ->
                        "%s: from %d.%d on, the server is %s"
                                .formatted(feature, major, minor, version));
    }

    /** The embedded server, to do it harm; skips the test on a real one. */
    MongoReplicaSet requiresEmbedded(String why) {
        Assumptions.assumeTrue(embedded != null, () -> "only on the embedded server: " + why);
        return Objects.requireNonNull(embedded);
    }

    @Override
    public void close() {
        client.close();
        if (embedded != null) {
            embedded.close();
        }
    }
}
