package dev.cdcpipeline.watcher.app;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;

import dev.cdcpipeline.embedded.KafkaBroker;
import dev.cdcpipeline.embedded.mongo.TestMongo;

import org.bson.Document;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The servers of a test class that a Watcher stands between, and its configuration for them. */
final class Servers implements AfterAllCallback {
    final TestMongo mongo = TestMongo.start();
    final KafkaBroker kafka = KafkaBroker.start();
    final MongoClient client = MongoClients.create(mongo.uri());

    /**
     * What every Watcher of a test needs to be told; further pairs of variable and value over it.
     */
    Map<String, String> environment(String database, Path folder, String... more) {
        Map<String, String> environment =
                new HashMap<>(
                        Map.of(
                                "WATCHER_MONGODB_URI", mongo.uri(),
                                "WATCHER_SCOPE_INCLUDE", database + ".*",
                                "WATCHER_KAFKA_BOOTSTRAP_SERVERS", kafka.bootstrapServers(),
                                "WATCHER_TOPIC_PARTITIONS", "3",
                                "WATCHER_CHECKPOINT_FILE_PATH",
                                        folder.resolve("checkpoint").toString(),
                                "WATCHER_CHECKPOINT_INTERVAL", "50ms",
                                "WATCHER_CAPTURE_AWAIT", "100ms",
                                "WATCHER_RETRY_INITIAL", "20ms",
                                "WATCHER_RETRY_MAX", "500ms"));
        for (int i = 0; i < more.length; i += 2) {
            environment.put(more[i], more[i + 1]);
        }
        return environment;
    }

    /** Skips the test, with the reason, on a MongoDB that is older, such as 600 for 6.0. */
    void requires(int version, String feature) {
        assumeTrue(
                mongo.serverVersionNumber() >= version,
                () ->
                        "%s: from %d.%d on, the server is %s"
                                .formatted(
                                        feature,
                                        version / 100,
                                        version % 100,
                                        mongo.serverVersion()));
    }

    MongoCollection<Document> collection(String database, String name) {
        return client.getDatabase(database).getCollection(name);
    }

    List<Topic.Published> published(String database, String collection) {
        return Topic.read(kafka.bootstrapServers(), "cdc." + database + "." + collection);
    }

    @Override
    public void afterAll(ExtensionContext context) {
        try (mongo;
                kafka;
                client) {
            // Closed in reverse order.
        }
    }
}
