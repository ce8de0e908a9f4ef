package dev.cdcpipeline.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Updates;

import dev.cdcpipeline.cli.verify.Report;
import dev.cdcpipeline.cli.verify.Verifier;
import dev.cdcpipeline.embedded.KafkaBroker;
import dev.cdcpipeline.embedded.PostgresServer;
import dev.cdcpipeline.embedded.mongo.ServerVersion;
import dev.cdcpipeline.embedded.mongo.ShardedCluster;
import dev.cdcpipeline.embedded.mongo.sharding.MoveOrder;
import dev.cdcpipeline.model.Namespace;
import dev.cdcpipeline.syncer.app.DocFormat;
import dev.cdcpipeline.syncer.schema.TableName;

import org.bson.Document;
import org.bson.types.MinKey;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/** Both services behind a sharded cluster: the tables are compared with the collections. */
@Timeout(300)
class ShardedPipelineTest {
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final int DOCUMENTS = 60;
    private static final int OPERATIONS = 600;

    @ParameterizedTest
    @EnumSource(
            value = ServerVersion.class,
            names = {"V6_0", "V8_0"})
    @DisplayName(
            "cases C1, C2, C3: documents and databases that move, shards that are added, collections that are dropped: every document has its row, and no other has")
    void followsWhatMoves(ServerVersion version, @TempDir Path folder) throws Exception {
        try (var cluster = ShardedCluster.builder().version(version).start();
                var client = MongoClients.create(cluster.uri());
                var kafka = KafkaBroker.start();
                var postgres = PostgresServer.start();
                var watcher =
                        RunningService.watcher(
                                Map.of(
                                        "WATCHER_MONGODB_URI",
                                        cluster.uri(),
                                        "WATCHER_SCOPE_INCLUDE",
                                        "sh.*",
                                        "WATCHER_TOPIC_PARTITIONS",
                                        "3",
                                        "WATCHER_CAPTURE_AWAIT",
                                        "100ms",
                                        "WATCHER_KAFKA_BOOTSTRAP_SERVERS",
                                        kafka.bootstrapServers(),
                                        "WATCHER_CHECKPOINT_FILE_PATH",
                                        folder.resolve("checkpoint").toString()));
                var syncer =
                        RunningService.syncer(
                                Map.of(
                                        "SYNCER_KAFKA_BOOTSTRAP_SERVERS", kafka.bootstrapServers(),
                                        "SYNCER_KAFKA_TOPIC_PATTERN", "cdc[.]sh[.].*",
                                        "SYNCER_KAFKA_DISCOVERY_INTERVAL", "1s",
                                        "SYNCER_POSTGRESQL_URL", postgres.jdbcUrl(),
                                        "SYNCER_POSTGRESQL_USER", postgres.user()));
                Connection tables =
                        DriverManager.getConnection(postgres.jdbcUrl(), postgres.user(), "")) {
            await().atMost(PATIENCE).until(watcher::ready);
            cluster.shardCollection(
                    "sh.geo",
                    new Document("country", 1).append("_id", 1),
                    new Document("country", "N").append("_id", new MinKey()),
                    1);
            var work = new Work(cluster, client);
            work.run();
            awaitAgreement(client, tables, "geo", "plain");

            cluster.movePrimary("sh", 1);
            int added = cluster.addShard();
            cluster.moveChunk("sh.geo", new Document("country", "US").append("_id", 0), added);
            work.run();
            awaitAgreement(client, tables, "geo", "plain");

            client.getDatabase("sh").getCollection("geo").drop();
            client.getDatabase("sh")
                    .getCollection("geo")
                    .insertOne(new Document("_id", 1).append("country", "US"));
            awaitAgreement(client, tables, "geo", "plain");
            watcher.assertRunning();
            syncer.assertRunning();
        }
    }

    /** Changes of one collection that is sharded and one that is not. */
    private static final class Work {
        private final Random random = new Random(3);
        private final ShardedCluster cluster;
        private final MongoCollection<Document> geo;
        private final MongoCollection<Document> plain;

        Work(ShardedCluster cluster, MongoClient client) {
            MongoDatabase database = client.getDatabase("sh");
            this.cluster = cluster;
            this.geo = database.getCollection("geo");
            this.plain = database.getCollection("plain");
            IntStream.range(0, DOCUMENTS)
                    .forEach(id -> geo.insertOne(new Document("_id", id).append("country", "CH")));
        }

        void run() {
            for (int i = 0; i < OPERATIONS; i++) {
                int id = random.nextInt(DOCUMENTS);
                switch (random.nextInt(8)) {
                    case 0 -> geo.updateOne(Filters.eq(id), Updates.inc("n", 1));
                    case 1 -> geo.deleteOne(Filters.eq(id));
                    case 2 -> putBack(id);
                    case 3 -> plain.insertOne(new Document("n", id));
                    default -> move(id);
                }
            }
        }

        private void putBack(int id) {
            if (geo.countDocuments(Filters.eq(id)) == 0) {
                geo.insertOne(new Document("_id", id).append("country", "CH"));
            }
        }

        private void move(int id) {
            Document found = geo.find(Filters.eq(id)).first();
            if (found != null) {
                String to = found.getString("country").equals("CH") ? "US" : "CH";
                List<MoveOrder> orders = List.of(MoveOrder.values());
                MoveOrder order = orders.get(random.nextInt(orders.size()));
                cluster.moveDocument("sh.geo", id, new Document("country", to), order);
            }
        }
    }

    private static void awaitAgreement(MongoClient client, Connection tables, String... names) {
        Map<Namespace, TableName> compared = new LinkedHashMap<>();
        for (String each : names) {
            compared.put(new Namespace("sh", each), new TableName("sh", each));
        }
        var verifier = new Verifier(client, tables, DocFormat.PLAIN);
        await().atMost(PATIENCE)
                .ignoreExceptions()
                .untilAsserted(
                        () -> {
                            Report report = verifier.compare(compared);
                            assertThat(report.agrees()).as(report.sentence()).isTrue();
                            assertThat(report.documents()).isPositive();
                        });
    }
}
