package dev.cdcpipeline.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import com.mongodb.MongoCommandException;
import com.mongodb.MongoNamespace;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.Aggregates;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.RenameCollectionOptions;
import com.mongodb.client.model.UpdateOptions;
import com.mongodb.client.model.Updates;

import dev.cdcpipeline.embedded.KafkaBroker;
import dev.cdcpipeline.embedded.PostgresServer;
import dev.cdcpipeline.embedded.mongo.TestMongo;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.bson.Document;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/**
 * What the tables hold after a collection got other content without a delete of the old one: both
 * services run, and the tables are compared with the collections.
 */
@Timeout(300)
class ReplacedContentTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final TestMongo mongo = TestMongo.start();
    private static final KafkaBroker kafka = KafkaBroker.start();
    private static final PostgresServer postgres = PostgresServer.start();
    private static final MongoClient client = MongoClients.create(mongo.uri());

    private final String name = mongo.newDatabase();
    private final MongoDatabase database = client.getDatabase(name);
    private final MongoCollection<Document> orders = database.getCollection("orders");

    @TempDir private Path folder;
    private RunningService watcher;
    private RunningService syncer;

    @BeforeEach
    void startBoth() {
        watcher = RunningService.watcher(watcherSettings());
        syncer = RunningService.syncer(syncerSettings());
        await().atMost(PATIENCE).until(() -> watcher.ready() && syncer.ready());
        insert(orders, 1, 2, 3);
        awaitRows("orders", 1, 2, 3);
    }

    private Map<String, String> watcherSettings() {
        return new HashMap<>(
                Map.of(
                        "WATCHER_MONGODB_URI",
                        mongo.uri(),
                        "WATCHER_SCOPE_INCLUDE",
                        name + ".*",
                        "WATCHER_SCOPE_EXCLUDE",
                        name + ".outside*",
                        "WATCHER_TOPIC_PARTITIONS",
                        "3",
                        "WATCHER_CAPTURE_AWAIT",
                        "100ms",
                        "WATCHER_KAFKA_BOOTSTRAP_SERVERS",
                        kafka.bootstrapServers(),
                        "WATCHER_CHECKPOINT_FILE_PATH",
                        folder.resolve("checkpoint").toString()));
    }

    private Map<String, String> syncerSettings() {
        return Map.of(
                "SYNCER_KAFKA_BOOTSTRAP_SERVERS",
                kafka.bootstrapServers(),
                "SYNCER_KAFKA_GROUP",
                name,
                "SYNCER_KAFKA_DISCOVERY_INTERVAL",
                "1s",
                "SYNCER_KAFKA_TOPIC_PATTERN",
                "cdc[.]" + name + "[.].*",
                "SYNCER_POSTGRESQL_URL",
                postgres.jdbcUrl(),
                "SYNCER_ON_LOSS_PARTITIONS_ADDED",
                "continue",
                "SYNCER_POSTGRESQL_USER",
                postgres.user());
    }

    @AfterEach
    void stopBoth() {
        try (var _ = watcher;
                var _ = syncer) {
            watcher.assertRunning();
            syncer.assertRunning();
        }
    }

    @AfterAll
    static void stopServers() {
        try (mongo;
                kafka;
                postgres;
                client) {
            // Closed in reverse order.
        }
    }

    private static void insert(MongoCollection<Document> collection, int... ids) {
        for (int id : ids) {
            collection.insertOne(new Document("_id", id));
        }
    }

    private Set<Integer> rows(String table) {
        Set<Integer> ids = new TreeSet<>();
        try (Connection connection =
                        DriverManager.getConnection(postgres.jdbcUrl(), postgres.user(), "");
                Statement statement = connection.createStatement();
                ResultSet rows =
                        statement.executeQuery(
                                "select _id::int from \"" + name + "\".\"" + table + "\"")) {
            while (rows.next()) {
                ids.add(rows.getInt(1));
            }
            return ids;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private void awaitRows(String table, Integer... ids) {
        await().atMost(PATIENCE)
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(rows(table)).containsExactly(ids));
    }

    /** What was there before is gone, the new comes with its next change, and then all is there. */
    private void awaitReplaced(Set<Integer> withoutEvents) {
        insert(orders, 99);
        awaitRows("orders", 99);
        orders.updateMany(Filters.empty(), Updates.set("copied", true));
        Set<Integer> all = new TreeSet<>(withoutEvents);
        all.add(99);
        awaitRows("orders", all.toArray(Integer[]::new));
        assertThat(orders.countDocuments()).isEqualTo(all.size());
    }

    private List<String> tables() throws SQLException {
        try (Connection connection =
                        DriverManager.getConnection(postgres.jdbcUrl(), postgres.user(), "");
                Statement statement = connection.createStatement();
                ResultSet tables =
                        statement.executeQuery(
                                "select string_agg(table_name, ' ' order by table_name) from"
                                        + " information_schema.tables where table_schema = '"
                                        + name
                                        + "'")) {
            tables.next();
            return List.of(tables.getString(1).split(" "));
        }
    }

    @Test
    @DisplayName("case W1: a collection renamed over another: the other's rows go")
    void renameOverACollection() {
        insert(database.getCollection("drafts"), 10, 11);
        awaitRows("drafts", 10, 11);
        database.getCollection("drafts")
                .renameCollection(
                        new MongoNamespace(name, "orders"),
                        new RenameCollectionOptions().dropTarget(true));
        awaitReplaced(Set.of(10, 11));
        awaitRows("drafts");
    }

    @Test
    @DisplayName("case W1: a collection of outside the scope renamed over one in it")
    void renameIntoTheScope() {
        insert(database.getCollection("outside"), 10, 11);
        database.getCollection("outside")
                .renameCollection(
                        new MongoNamespace(name, "orders"),
                        new RenameCollectionOptions().dropTarget(true));
        awaitReplaced(Set.of(10, 11));
    }

    @Test
    @DisplayName("case W1: a collection renamed out of the scope takes its rows along")
    void renameOutOfTheScope() {
        orders.renameCollection(new MongoNamespace(name, "outside"));
        awaitReplaced(Set.of());
    }

    @Test
    @DisplayName("case W1: renamed across databases over a collection of the scope")
    void renameFromAnotherDatabase() {
        String other = mongo.newDatabase();
        insert(client.getDatabase(other).getCollection("drafts"), 10, 11);
        client.getDatabase(other)
                .getCollection("drafts")
                .renameCollection(
                        new MongoNamespace(name, "orders"),
                        new RenameCollectionOptions().dropTarget(true));
        awaitReplaced(Set.of(10, 11));
    }

    @Test
    @DisplayName("cases W1, W7: $out ten times replaces the rows and leaves nothing else behind")
    void out() throws Exception {
        var source = database.getCollection("outside");
        insert(source, 20, 21);
        for (int i = 0; i < 10; i++) {
            source.aggregate(List.of(Aggregates.out("orders"))).toCollection();
        }
        awaitReplaced(Set.of(20, 21));
        assertThat(tables()).containsExactly("orders");
        assertThat(watcher.metrics.scrape()).contains(name + ".orders").doesNotContain("agg_out");
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            assertThat(admin.listTopics().names().get())
                    .contains("cdc." + name + ".orders")
                    .noneMatch(topic -> topic.contains("agg_out"));
        }
    }

    @Test
    @DisplayName("case W1: convertToCapped renames a temporary collection over the converted one")
    void convertToCapped() {
        try {
            database.runCommand(new Document("convertToCapped", "orders").append("size", 100_000));
        } catch (MongoCommandException e) {
            assumeThat(e.getErrorCodeName()).isNotEqualTo("CommandNotFound");
            throw e;
        }
        insert(orders, 99);
        awaitRows("orders", 99);
    }

    @Test
    @DisplayName(
            "case W1: what is dropped and comes again under the same name has the new rows only")
    void dropAndCreateAnew() {
        orders.drop();
        insert(orders, 3, 4);
        awaitRows("orders", 3, 4);
        database.drop();
        insert(orders, 4, 5);
        awaitRows("orders", 4, 5);
        orders.drop();
        insert(database.getCollection("drafts"), 10, 11);
        database.getCollection("drafts").renameCollection(new MongoNamespace(name, "orders"));
        awaitReplaced(Set.of(10, 11));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    @DisplayName("case W1: any sequence of changes and replacements, while the services restart")
    void anySequence(long seed) {
        var random = new Random(seed);
        List<String> names = List.of("orders", "drafts", "archive");
        for (int step = 0; step < 80; step++) {
            MongoCollection<Document> one = database.getCollection(pick(names, random));
            switch (random.nextInt(12)) {
                case 0 -> one.drop();
                case 1 -> rename(one, pick(names, random));
                case 2 ->
                        one.aggregate(List.of(Aggregates.out(pick(names, random)))).toCollection();
                case 3 -> one.deleteOne(Filters.eq(random.nextInt(30)));
                case 4 -> restart(random.nextBoolean());
                default ->
                        one.updateOne(
                                Filters.eq(random.nextInt(30)),
                                Updates.inc("n", 1),
                                new UpdateOptions().upsert(true));
            }
        }
        for (String each : names) {
            MongoCollection<Document> collection = database.getCollection(each);
            insert(collection, 100);
            collection.updateMany(Filters.empty(), Updates.set("touched", true));
        }
        for (String each : names) {
            awaitRows(each, ids(database.getCollection(each)));
        }
    }

    private static String pick(List<String> names, Random random) {
        return names.get(random.nextInt(names.size()));
    }

    private void rename(MongoCollection<Document> from, String to) {
        boolean possible = !from.getNamespace().getCollectionName().equals(to);
        if (possible && from.countDocuments() > 0) {
            from.renameCollection(
                    new MongoNamespace(name, to), new RenameCollectionOptions().dropTarget(true));
        }
    }

    private void restart(boolean theWatcher) {
        if (theWatcher) {
            watcher.close();
            watcher = RunningService.watcher(watcherSettings());
        } else {
            syncer.close();
            syncer = RunningService.syncer(syncerSettings());
        }
    }

    private static Integer[] ids(MongoCollection<Document> collection) {
        return collection
                .find()
                .map(document -> document.getInteger("_id"))
                .into(new TreeSet<>())
                .toArray(Integer[]::new);
    }

    @Test
    @DisplayName("case W20: partitions were added before a drop: every partition gets the sweep")
    void dropAfterPartitionsWereAdded() throws Exception {
        String topic = "cdc." + name + ".orders";
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(6))).all().get();
        }
        orders.drop();
        insert(orders, 99);
        awaitRows("orders", 99);
    }
}
