package dev.cdcpipeline.tests.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import static java.util.concurrent.TimeUnit.SECONDS;

import com.mongodb.client.MongoClients;

import dev.cdcpipeline.embedded.KafkaBroker;
import dev.cdcpipeline.embedded.PostgresServer;
import dev.cdcpipeline.embedded.mongo.MongoReplicaSet;
import dev.cdcpipeline.platform.config.Configuration;
import dev.cdcpipeline.platform.health.Health;
import dev.cdcpipeline.platform.lifecycle.Service;
import dev.cdcpipeline.platform.metrics.Metrics;
import dev.cdcpipeline.syncer.app.Syncer;
import dev.cdcpipeline.syncer.app.SyncerSettings;
import dev.cdcpipeline.watcher.app.Parts;
import dev.cdcpipeline.watcher.app.WatcherSettings;

import org.bson.Document;

import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;

/** Both services in this JVM, wired as in production, on embedded servers. */
final class RunningPipeline implements AutoCloseable {
    private final Deque<AutoCloseable> resources = new ArrayDeque<>();
    private final Metrics watcherMetrics = own(new Metrics());
    private final Metrics syncerMetrics = own(new Metrics());
    private final MongoReplicaSet mongo = own(MongoReplicaSet.start());
    private final PostgresServer postgres = own(PostgresServer.start());

    RunningPipeline(Path folder) {
        var kafka = own(KafkaBroker.start());
        run(
                Parts.watcher(
                        Configuration.load(
                                WatcherSettings.class,
                                null,
                                Map.of(
                                        "WATCHER_MONGODB_URI", mongo.uri(),
                                        "WATCHER_SCOPE_INCLUDE", "shop.*",
                                        "WATCHER_KAFKA_BOOTSTRAP_SERVERS", kafka.bootstrapServers(),
                                        "WATCHER_CHECKPOINT_FILE_PATH",
                                                folder.resolve("checkpoint").toString())),
                        watcherMetrics.registry(),
                        new Health()));
        run(
                Syncer.service(
                        Configuration.load(
                                SyncerSettings.class,
                                null,
                                Map.of(
                                        "SYNCER_KAFKA_BOOTSTRAP_SERVERS", kafka.bootstrapServers(),
                                        "SYNCER_KAFKA_TOPIC_PATTERN", "cdc[.]shop[.].*",
                                        "SYNCER_KAFKA_DISCOVERY_INTERVAL", "500ms",
                                        "SYNCER_POSTGRESQL_URL", postgres.jdbcUrl(),
                                        "SYNCER_POSTGRESQL_USER", postgres.user())),
                        syncerMetrics.registry(),
                        new Health()));
    }

    private <T extends AutoCloseable> T own(T resource) {
        resources.push(resource);
        return resource;
    }

    private void run(Service service) {
        var thread =
                Thread.ofPlatform()
                        .start(
                                () -> {
                                    try (service) {
                                        service.run();
                                    } catch (Exception e) {
                                        throw new IllegalStateException(e);
                                    }
                                });
        own(
                () -> {
                    service.stop();
                    thread.join(SECONDS.toMillis(60));
                });
    }

    /** Writes documents until one has become a row: then both services have done all they do. */
    void carryADocument() {
        try (var client = MongoClients.create(mongo.uri())) {
            var orders = client.getDatabase("shop").getCollection("orders");
            await().atMost(60, SECONDS)
                    .pollInterval(1, SECONDS)
                    .ignoreExceptionsInstanceOf(SQLException.class) // no table yet
                    .untilAsserted(
                            () -> {
                                // Again and again: the stream begins some time after the start.
                                orders.insertOne(new Document("total", 12.5));
                                assertThat(rows()).isPositive();
                            });
        }
    }

    private long rows() throws SQLException {
        try (var connection = DriverManager.getConnection(postgres.jdbcUrl(), postgres.user(), "");
                var query = connection.createStatement();
                var result = query.executeQuery("select count(*) from shop.orders")) {
            result.next();
            return result.getLong(1);
        }
    }

    /** What Prometheus would read from both. */
    String scrape() {
        return watcherMetrics.scrape() + syncerMetrics.scrape();
    }

    @Override
    public void close() {
        for (var resource : resources) {
            try {
                resource.close();
            } catch (Exception e) {
                throw new IllegalStateException(resource + " does not close", e);
            }
        }
    }
}
