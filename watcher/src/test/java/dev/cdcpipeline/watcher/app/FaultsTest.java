package dev.cdcpipeline.watcher.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cdcpipeline.embedded.RedisServer;
import dev.cdcpipeline.embedded.mongo.MongoReplicaSet;
import dev.cdcpipeline.platform.lifecycle.NotDrainedException;

import org.bson.Document;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import redis.clients.jedis.Jedis;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

class FaultsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    @RegisterExtension private static final Servers servers = new Servers();

    private final String database = servers.mongo.newDatabase();

    @TempDir private Path folder;

    private RunningWatcher start(String... more) {
        return RunningWatcher.startReady(servers.environment(database, folder, more));
    }

    private void awaitEverything(Workload workload) {
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(500))
                .ignoreExceptions()
                .untilAsserted(
                        () -> workload.assertNothingLost(servers.published(database, "orders")));
    }

    @Test
    @DisplayName(
            "3.4 Property 24: a broker that stops under load and comes back loses nothing and reorders nothing,"
                    + " and what is in flight stays bounded (I7)")
    void survivesABrokerThatStopsUnderLoad() throws Exception {
        try (RunningWatcher watcher = start("WATCHER_PUBLISH_MAX_IN_FLIGHT_RECORDS", "200");
                Workload workload = Workload.start(servers.collection(database, "orders"))) {
            workload.awaitWrites(300);
            // The topic is there: from now on it is publishing that waits for the broker.
            await().atMost(PATIENCE).until(() -> watcher.count("cdc.watcher.published") > 0);
            servers.kafka.stop();
            try {
                workload.awaitWrites(1500);
                await().atMost(PATIENCE).until(() -> inFlight(watcher) > 0);
                assertThat(inFlight(watcher)).isLessThanOrEqualTo(200);
            } finally {
                servers.kafka.restart();
            }
            workload.stop();
            awaitEverything(workload);
            workload.assertOnce(servers.published(database, "orders"));
        }
    }

    @Test
    @DisplayName("9.5: a stop while Kafka is away, and asked about a new topic, ends in time")
    void stopsInTimeWhileKafkaIsAway() throws Exception {
        try (RunningWatcher watcher = start()) {
            servers.collection(database, "orders").insertOne(new Document());
            watcher.awaitCount("cdc.watcher.published", 1);
            servers.kafka.stop();
            try {
                servers.collection(database, "others").insertOne(new Document());
                watcher.awaitCount("cdc.watcher.captured", 2);

                CompletableFuture<Void> stopping = CompletableFuture.runAsync(watcher::close);
                assertThat(stopping).succeedsWithin(Duration.ofSeconds(30));
                assertThat(watcher.failure()).as("nothing was in flight").isNull();
            } finally {
                servers.kafka.restart();
            }
        }
    }

    @Test
    @DisplayName("9.5: a stop that Kafka does not confirm in time says that it has not drained")
    void saysThatItHasNotDrained() throws Exception {
        try (RunningWatcher watcher =
                start(
                        "WATCHER_SHUTDOWN_DEADLINE",
                        "2s",
                        "WATCHER_KAFKA_PROPERTIES_LINGER_MS",
                        "60000")) {
            servers.collection(database, "orders").insertOne(new Document());
            // The producer has taken it, and waits for more before it sends it.
            watcher.awaitCount("cdc.watcher.events", 1);
            servers.kafka.stop();
            try {
                watcher.stop();
                assertThat(watcher.failure())
                        .isInstanceOf(NotDrainedException.class)
                        .hasMessageContaining("Kafka");
            } finally {
                servers.kafka.restart();
            }
        }
    }

    @Test
    @DisplayName("9.5: a stop that cannot save the last position says so")
    void saysThatTheLastPositionIsNotSaved() throws Exception {
        try (RedisServer redis = RedisServer.start();
                RunningWatcher watcher = start(onRedis(redis, "1s"))) {
            awaitSaves(watcher, 1);
            redis.stop();
            servers.collection(database, "orders").insertOne(new Document());
            watcher.awaitCount("cdc.watcher.published", 1);

            watcher.stop();
            assertThat(watcher.failure())
                    .isInstanceOf(NotDrainedException.class)
                    .hasMessageContaining("checkpoint");
        }
    }

    private static double inFlight(RunningWatcher watcher) {
        return watcher.gauge("cdc.watcher.in.flight.events");
    }

    @Test
    @DisplayName(
            "1.4 Property 24: connections to MongoDB that break again and again lose nothing and repeat nothing")
    void survivesConnectionsThatBreak() throws Exception {
        assumeTrue(servers.mongo.isEmbedded());
        MongoReplicaSet mongo = servers.mongo.embedded();
        try (RunningWatcher watcher = start();
                Workload workload = Workload.start(servers.collection(database, "orders"))) {
            for (int i = 1; i <= 10; i++) {
                workload.awaitWrites(100 * i);
                mongo.dropConnections();
            }
            workload.stop();
            awaitEverything(workload);
            workload.assertOnce(servers.published(database, "orders"));
            assertThat(
                            watcher.count("cdc.watcher.reconnects")
                                    + watcher.count("cdc.watcher.retries"))
                    .isPositive();
        }
    }

    @Test
    @DisplayName("1.4: a primary that steps down loses nothing and repeats nothing")
    void survivesAStepDown() throws Exception {
        assumeTrue(servers.mongo.isEmbedded());
        try (RunningWatcher watcher = start();
                Workload workload = Workload.start(servers.collection(database, "orders"))) {
            workload.awaitWrites(200);
            servers.mongo.embedded().stepDown(Duration.ofSeconds(1));
            workload.awaitWrites(500);
            workload.stop();
            awaitEverything(workload);
            workload.assertOnce(servers.published(database, "orders"));
            await().atMost(PATIENCE).until(watcher::ready);
        }
    }

    @Test
    @DisplayName(
            "2.4 Property 5: publishing goes on while Redis is down and after it lost everything;"
                    + " nothing is skipped")
    void survivesARedisThatRestartsEmpty() throws Exception {
        try (RedisServer redis = RedisServer.start();
                RunningWatcher watcher = start(onRedis(redis, "1s"));
                Workload workload = Workload.start(servers.collection(database, "orders"))) {
            workload.awaitWrites(200);
            redis.stop();
            double published = watcher.count("cdc.watcher.published");
            await().atMost(PATIENCE)
                    .until(() -> watcher.count("cdc.watcher.published") > published + 100);
            await().atMost(PATIENCE).until(() -> !watcher.ready());
            redis.restartEmpty();
            await().atMost(PATIENCE).until(watcher::ready);
            watcher.kill();
            workload.awaitWrites(600);
            try (RunningWatcher next = start(onRedis(redis, "1s"))) {
                workload.stop();
                awaitEverything(workload);
                await().atMost(PATIENCE).until(() -> next.count("cdc.watcher.captured") > 0);
            }
        }
    }

    @Test
    @DisplayName(
            "2.4 Property 5: publishing waits when saving has failed for longer than configured, and goes on"
                    + " when Redis is back")
    void waitsWhenSavingFailsForTooLong() throws Exception {
        try (RedisServer redis = RedisServer.start();
                RunningWatcher watcher =
                        start(onRedis(redis.url(), "WATCHER_CHECKPOINT_MAX_UNSAVED", "1s"));
                Workload workload = Workload.start(servers.collection(database, "orders"))) {
            awaitSaves(watcher, 2);
            redis.stop();
            await().atMost(PATIENCE).until(() -> publishesNothingForASecond(watcher));
            redis.restart();
            workload.stop();
            awaitEverything(workload);
            workload.assertOnce(servers.published(database, "orders"));
        }
    }

    private static boolean publishesNothingForASecond(RunningWatcher watcher) {
        double before = watcher.count("cdc.watcher.published");
        await().pollDelay(Duration.ofSeconds(1)).until(() -> true);
        return watcher.count("cdc.watcher.published") == before;
    }

    @Test
    @DisplayName(
            "2.4 Property 5: a sentinel makes a replica the master while the Watcher saves;"
                    + " saving goes on there, and nothing is skipped")
    void survivesAFailoverOfRedis() throws Exception {
        try (RedisServer master = RedisServer.start();
                RedisServer replica = RedisServer.startReplica(master);
                RedisServer sentinel = sentinelThatKnowsTheReplica(master)) {
            String[] onSentinel = onRedis("redis-sentinel://127.0.0.1:" + sentinel.port() + "#cdc");
            try (RunningWatcher watcher = start(onSentinel);
                    Workload workload = Workload.start(servers.collection(database, "orders"))) {
                awaitSaves(watcher, 2);
                master.stopImmediately();
                await().atMost(PATIENCE).until(() -> roleOf(replica).equals("master"));
                await().atMost(PATIENCE).until(watcher::ready);
                awaitSaves(watcher, 2);
                watcher.kill();
                workload.awaitWrites(300);
                try (RunningWatcher next = start(onSentinel)) {
                    workload.stop();
                    awaitEverything(workload);
                    assertThat(next.ready()).isTrue();
                }
            }
        }
    }

    private static void awaitSaves(RunningWatcher watcher, int more) {
        double before = watcher.count("cdc.watcher.checkpoint.saves");
        await().atMost(PATIENCE)
                .until(() -> watcher.count("cdc.watcher.checkpoint.saves") >= before + more);
    }

    private static RedisServer sentinelThatKnowsTheReplica(RedisServer master) {
        try (var client = new Jedis(master.host(), master.port())) {
            await().atMost(PATIENCE)
                    .until(() -> client.info("replication").contains("state=online"));
        }
        RedisServer sentinel = RedisServer.startSentinel("cdc", master);
        try (var client = new Jedis(sentinel.host(), sentinel.port())) {
            await().atMost(PATIENCE).until(() -> !client.sentinelReplicas("cdc").isEmpty());
        }
        return sentinel;
    }

    private static String roleOf(RedisServer server) {
        try (var client = new Jedis(server.host(), server.port())) {
            return String.valueOf(client.role().getFirst());
        }
    }

    @Test
    @DisplayName("I4: a standby takes over within seconds of a kill, and nothing is lost")
    void aStandbyTakesOver() throws Exception {
        try (RedisServer redis = RedisServer.start();
                RunningWatcher leader = start(onRedis(redis, "2s"));
                RunningWatcher standby = start(onRedis(redis, "2s"));
                Workload workload = Workload.start(servers.collection(database, "orders"))) {
            await().atMost(PATIENCE).until(() -> leader.gauge("cdc.watcher.leader") > 0);
            assertThat(standby.gauge("cdc.watcher.leader")).isZero();
            assertThat(standby.gauge("cdc.watcher.lag.seconds")).isNaN();
            assertThat(standby.health()).contains("standby", "another Watcher leads");
            workload.awaitWrites(300);
            leader.kill();
            await().atMost(PATIENCE).until(() -> standby.gauge("cdc.watcher.leader") > 0);
            await().atMost(PATIENCE).until(standby::ready);
            assertThat(standby.health()).doesNotContain("standby");
            workload.awaitWrites(600);
            workload.stop();
            awaitEverything(workload);
        }
    }

    private static String[] onRedis(RedisServer redis, String lease) {
        return onRedis(redis.url(), "WATCHER_CHECKPOINT_REDIS_LEASE", lease);
    }

    private static String[] onRedis(String url, String... more) {
        return Stream.concat(
                        Stream.of(
                                "WATCHER_CHECKPOINT_STORE",
                                "redis",
                                "WATCHER_CHECKPOINT_REDIS_URL",
                                url),
                        Stream.of(more))
                .toArray(String[]::new);
    }

    @Test
    @DisplayName(
            "2.1 Properties 4, 5, 8: a Watcher that is killed again and again loses nothing, in"
                    + " order per document")
    void losesNothingHoweverOftenItIsKilled() throws Exception {
        start().close();
        try (Workload workload = Workload.start(servers.collection(database, "orders"))) {
            for (int i = 1; i <= 5; i++) {
                RunningWatcher watcher = start();
                workload.awaitWrites(200 * i);
                watcher.kill();
            }
            try (RunningWatcher last = start()) {
                workload.stop();
                awaitEverything(workload);
                await().atMost(PATIENCE).until(last::ready);
            }
        }
    }
}
