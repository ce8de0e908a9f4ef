package dev.cdcpipeline.benchmarks;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoCursor;
import com.mongodb.client.model.DeleteOneModel;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.InsertOneModel;
import com.mongodb.client.model.ReplaceOneModel;
import com.mongodb.client.model.ReplaceOptions;
import com.mongodb.client.model.UpdateOneModel;
import com.mongodb.client.model.UpdateOptions;
import com.mongodb.client.model.Updates;
import com.mongodb.client.model.WriteModel;

import dev.cdcpipeline.embedded.KafkaBroker;
import dev.cdcpipeline.embedded.mongo.MongoReplicaSet;

import org.bson.BsonTimestamp;
import org.bson.Document;
import org.bson.RawBsonDocument;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * The Watcher beside a bare cursor and beside a bare cursor to Kafka, over the same events in one
 * run: each one is a {@link WatcherBenchProcess} of its own with a small heap, the servers are
 * elsewhere.
 */
public final class WatcherBench {
    static final String DATABASE = "watcher_bench";
    static final String COLLECTION = "docs";
    private static final int BATCH = 1000;
    private static final String OPTIONS =
            "-Xmx256m -XX:+UseSerialGC -XX:+UseCompactObjectHeaders"
                    + " -XX:InlineSmallCode=800 -XX:FreqInlineSize=140";
    private static final List<String> CONTESTANTS =
            List.of(
                    "cursor off",
                    "cursor server",
                    "cursor-to-kafka off",
                    "cursor-to-kafka server",
                    "watcher-json off",
                    "watcher-json batched",
                    "watcher-json server",
                    "watcher-bson off",
                    "watcher-bson batched",
                    "watcher-bson server");

    private final MongoClient client;
    private final int events;

    private WatcherBench(MongoClient client, int events) {
        this.client = client;
        this.events = events;
    }

    /** Runs it; the first argument is the number of events. */
    public static void main(String[] arguments) throws Exception {
        int events = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 200_000;
        String real = System.getenv("MONGO_URI");
        try (MongoReplicaSet embedded =
                        real == null
                                ? MongoReplicaSet.builder().maxOplogEntries(events * 2).start()
                                : null;
                KafkaBroker kafka = KafkaBroker.start()) {
            String uri = embedded == null ? String.valueOf(real) : embedded.uri();
            try (MongoClient client = MongoClients.create(uri)) {
                new WatcherBench(client, events).run(uri, kafka.bootstrapServers());
            }
        }
        System.exit(0);
    }

    private void run(String uri, String bootstrapServers) throws Exception {
        client.getDatabase(DATABASE).drop();
        BsonTimestamp start = load();
        int expected = count(start);
        String only = System.getenv().getOrDefault("ONLY", "");
        System.out.printf(
                "%d events; the last of %d passes in each process%n",
                expected, WatcherBenchProcess.PASSES);
        System.out.printf(WatcherBenchProcess.HEADER);
        for (String contestant : CONTESTANTS) {
            if (contestant.contains(only)) {
                start(
                        contestant,
                        Map.of(
                                "BENCH_MONGODB_URI",
                                uri,
                                "BENCH_BOOTSTRAP_SERVERS",
                                bootstrapServers,
                                "BENCH_START",
                                start.getTime() + ":" + start.getInc(),
                                "BENCH_EXPECTED",
                                Integer.toString(expected)));
            }
        }
        client.getDatabase(DATABASE).drop();
    }

    /**
     * Lets one read in a process of its own, with the options of {@code bin/cdc} on two cores and a
     * heap of 256 MB; {@code JVM_OPTIONS} replaces them.
     */
    private static void start(String contestant, Map<String, String> environment) throws Exception {
        List<String> line = new ArrayList<>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        line.addAll(List.of(System.getenv().getOrDefault("JVM_OPTIONS", OPTIONS).split(" ")));
        line.addAll(
                List.of(
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow"));
        line.addAll(List.of("-cp", System.getProperty("java.class.path")));
        line.add(WatcherBenchProcess.class.getName());
        line.addAll(List.of(contestant.split(" ")));
        ProcessBuilder builder = new ProcessBuilder(line).inheritIO();
        builder.environment().putAll(environment);
        int exitCode = builder.start().waitFor();
        if (exitCode != 0) {
            System.out.printf("%-26s NO, exit code %d%n", contestant, exitCode);
        }
    }

    /** How many events there are from then on. */
    private int count(BsonTimestamp start) {
        int seen = 0;
        try (MongoCursor<RawBsonDocument> cursor =
                docs().watch()
                        .startAtOperationTime(start)
                        .batchSize(10_000)
                        .withDocumentClass(RawBsonDocument.class)
                        .iterator()) {
            while (cursor.tryNext() != null) {
                seen++;
            }
        }
        return seen;
    }

    private MongoCollection<Document> docs() {
        return client.getDatabase(DATABASE).getCollection(COLLECTION);
    }

    /** Writes the events, and notes when they began. */
    private BsonTimestamp load() {
        client.getDatabase(DATABASE).createCollection(COLLECTION);
        var now =
                client.getDatabase("admin")
                        .runCommand(new Document("ping", 1))
                        .get("operationTime", BsonTimestamp.class);
        BsonTimestamp start = new BsonTimestamp(now.getTime(), now.getInc() + 1);
        Random random = new Random(1);
        List<WriteModel<Document>> batch = new ArrayList<>();
        int inserted = 0;
        for (int i = 0; i < events; i++) {
            if (i % 2 == 0 || inserted < 100) {
                batch.add(new InsertOneModel<>(document(inserted++, random)));
            } else {
                batch.add(
                        change(
                                (int) (inserted * Math.pow(random.nextDouble(), 3)),
                                i % 20,
                                random));
            }
            if (batch.size() == BATCH || i == events - 1) {
                docs().bulkWrite(batch);
                batch.clear();
            }
        }
        return start;
    }

    /** Of ten, one replace, one delete (of a document that may be gone), and updates. */
    private static WriteModel<Document> change(int id, int kind, Random random) {
        return switch (kind) {
            case 1 ->
                    new ReplaceOneModel<>(
                            Filters.eq(id),
                            document(id, random),
                            new ReplaceOptions().upsert(true));
            case 3 -> new DeleteOneModel<>(Filters.eq(id));
            default ->
                    new UpdateOneModel<>(
                            Filters.eq(id),
                            Updates.combine(
                                    Updates.set("seq", random.nextInt()),
                                    Updates.set("price", random.nextDouble())),
                            new UpdateOptions().upsert(true));
        };
    }

    private static Document document(int id, Random random) {
        return new Document("_id", id)
                .append("seq", random.nextInt())
                .append("name", "customer number " + id)
                .append("email", "customer" + id + "@example.com")
                .append("price", random.nextDouble())
                .append("active", random.nextBoolean())
                .append(
                        "address",
                        new Document("street", "some street " + id).append("city", "some city"))
                .append("tags", List.of("alpha", "beta", "gamma"))
                .append("note", "x".repeat(150));
    }
}
