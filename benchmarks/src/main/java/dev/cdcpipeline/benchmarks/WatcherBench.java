package dev.cdcpipeline.benchmarks;

import com.mongodb.client.ChangeStreamIterable;
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
import com.mongodb.client.model.changestream.FullDocument;

import dev.cdcpipeline.embedded.KafkaBroker;
import dev.cdcpipeline.embedded.mongo.MongoReplicaSet;
import dev.cdcpipeline.platform.config.Configuration;
import dev.cdcpipeline.platform.health.Health;
import dev.cdcpipeline.watcher.app.Parts;
import dev.cdcpipeline.watcher.app.Watcher;
import dev.cdcpipeline.watcher.app.WatcherSettings;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.bson.BsonTimestamp;
import org.bson.Document;
import org.bson.RawBsonDocument;
import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.LongAdder;

/**
 * The Watcher beside a bare cursor and beside bare cursor to Kafka, over the same events in one
 * run.
 */
public final class WatcherBench {
    private static final String DATABASE = "watcher_bench";
    private static final int BATCH = 1000;

    private final MongoClient client;
    private final String uri;
    private final KafkaBroker kafka;
    private final int events;
    private BsonTimestamp start = new BsonTimestamp(0);
    private int runs;

    /** Counted on the first pass, so that all others wait for as many. */
    private int expected = -1;

    private WatcherBench(MongoClient client, String uri, KafkaBroker kafka, int events) {
        this.client = client;
        this.uri = uri;
        this.kafka = kafka;
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
                new WatcherBench(client, uri, kafka, events).run();
            }
        }
        System.exit(0);
    }

    private void run() throws Exception {
        client.getDatabase(DATABASE).drop();
        load();
        for (int round = 1; round <= 2; round++) {
            cursor("bare cursor, no look-up", FullDocument.DEFAULT, false);
            cursor("bare cursor, server look-up", FullDocument.UPDATE_LOOKUP, false);
            cursor("bare cursor to Kafka, no look-up", FullDocument.DEFAULT, true);
            cursor("bare cursor to Kafka, server look-up", FullDocument.UPDATE_LOOKUP, true);
            for (String format : List.of("json", "bson")) {
                for (String image : List.of("off", "batched", "server")) {
                    watcher("Watcher, " + format + ", post-image " + image, format, image);
                }
            }
        }
        client.getDatabase(DATABASE).drop();
    }

    private MongoCollection<Document> docs() {
        return client.getDatabase(DATABASE).getCollection("docs");
    }

    private void load() {
        client.getDatabase(DATABASE).createCollection("docs");
        var now =
                client.getDatabase("admin")
                        .runCommand(new Document("ping", 1))
                        .get("operationTime", BsonTimestamp.class);
        start = new BsonTimestamp(now.getTime(), now.getInc() + 1);
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

    private void cursor(String name, FullDocument full, boolean toKafka) {
        ChangeStreamIterable<Document> stream =
                docs().watch().startAtOperationTime(start).fullDocument(full).batchSize(10_000);
        LongAdder confirmed = new LongAdder();
        long began = System.nanoTime();
        int seen = 0;
        String topic = "bare-" + ++runs;
        try (KafkaProducer<byte[], byte[]> producer = toKafka ? producer() : null;
                MongoCursor<RawBsonDocument> cursor =
                        stream.withDocumentClass(RawBsonDocument.class).iterator()) {
            if (toKafka) {
                createTopic(topic);
            }
            while (expected < 0 || seen < expected) {
                RawBsonDocument event = expected < 0 ? cursor.tryNext() : cursor.next();
                if (event == null) {
                    break;
                }
                seen++;
                send(producer, topic, event, confirmed);
            }
            if (producer != null) {
                producer.flush();
            }
        }
        if (expected < 0) {
            expected = seen;
            System.out.println(seen + " events; round one warms up");
        }
        report(name, seen, began);
    }

    private static void send(
            @Nullable KafkaProducer<byte[], byte[]> producer,
            String topic,
            RawBsonDocument event,
            LongAdder confirmed) {
        if (producer != null) {
            byte[] value = new byte[event.getByteLength()];
            System.arraycopy(
                    event.getBackingArray(), event.getByteOffset(), value, 0, value.length);
            byte[] key =
                    String.valueOf(event.getDocument("documentKey").get("_id"))
                            .getBytes(StandardCharsets.UTF_8);
            var _ =
                    producer.send(
                            new ProducerRecord<>(topic, key, value),
                            (metadata, e) -> confirmed.increment());
        }
    }

    private KafkaProducer<byte[], byte[]> producer() {
        return new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers", kafka.bootstrapServers(),
                        "acks", "all",
                        "max.in.flight.requests.per.connection", "1",
                        "linger.ms", "5",
                        "batch.size", "262144",
                        "buffer.memory", "134217728"),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    private void createTopic(String topic) {
        try (var admin =
                Admin.create(
                        Map.<String, Object>of("bootstrap.servers", kafka.bootstrapServers()))) {
            var wanted = new NewTopic(topic, 8, (short) 1);
            admin.createTopics(List.of(wanted)).all().get();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private void watcher(String name, String format, String image) throws Exception {
        Path folder = Files.createTempDirectory("watcher-bench");
        Map<String, String> environment =
                new HashMap<>(
                        Map.of(
                                "WATCHER_MONGODB_URI",
                                uri,
                                "WATCHER_SCOPE_INCLUDE",
                                DATABASE + ".docs",
                                "WATCHER_KAFKA_BOOTSTRAP_SERVERS",
                                kafka.bootstrapServers(),
                                "WATCHER_START",
                                start.getTime() + ":" + start.getInc(),
                                "WATCHER_WIRE_FORMAT",
                                format,
                                "WATCHER_POST_IMAGE",
                                image,
                                "WATCHER_TOPIC_PREFIX",
                                "run" + ++runs,
                                "WATCHER_CHECKPOINT_FILE_PATH",
                                folder.resolve("checkpoint").toString()));
        String compression = System.getenv("COMPRESSION");
        if (compression != null) {
            environment.put("WATCHER_KAFKA_PROPERTIES_COMPRESSION_TYPE", compression);
        }
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        WatcherSettings settings = Configuration.load(WatcherSettings.class, null, environment);
        try (Watcher watcher = Parts.watcher(settings, registry, new Health())) {
            long began = System.nanoTime();
            Thread thread = Thread.ofPlatform().start(() -> runQuietly(watcher));
            while (published(registry) < expected) {
                Thread.sleep(5);
            }
            report(name, expected, began);
            watcher.stop();
            thread.join();
        }
    }

    private static double published(SimpleMeterRegistry registry) {
        return registry.counter("cdc.watcher.published").count()
                + registry.counter("cdc.watcher.null.lookups").count();
    }

    private static void runQuietly(Watcher watcher) {
        try {
            watcher.run();
        } catch (Exception e) {
            e.printStackTrace();
            System.exit(1);
        }
    }

    private static void report(String name, int count, long began) {
        double seconds = (System.nanoTime() - began) / 1e9;
        System.out.printf("%-45s %9.0f events/s%n", name, count / seconds);
    }
}
