package dev.cdcpipeline.watcher.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.cdcpipeline.embedded.RedisServer;
import dev.cdcpipeline.model.wire.StreamId;
import dev.cdcpipeline.platform.failure.Explained;
import dev.cdcpipeline.testkit.Line;

import org.bson.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import redis.clients.jedis.Jedis;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/** A Watcher that waits for the lease while another one leads. */
class StandbyTest {
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final String LEADER = "cdc:{watcher}:leader";
    private static final String CHECKPOINT = "cdc:{watcher}:checkpoint";
    @RegisterExtension private static final Servers servers = new Servers();

    private final String database = servers.mongo.newDatabase();
    private final RedisServer redis = RedisServer.start();

    @TempDir private Path folder;

    @AfterEach
    void stopRedis() {
        redis.close();
    }

    private RunningWatcher start() {
        return start(redis.url());
    }

    private RunningWatcher start(String url) {
        return RunningWatcher.start(
                servers.environment(
                        database,
                        folder,
                        "WATCHER_CHECKPOINT_STORE",
                        "redis",
                        "WATCHER_CHECKPOINT_REDIS_URL",
                        url,
                        "WATCHER_CHECKPOINT_REDIS_LEASE",
                        "1s"));
    }

    private static void awaitStandby(RunningWatcher watcher) {
        await().atMost(PATIENCE).until(() -> watcher.health().contains("another Watcher leads"));
    }

    private void insert(int id) {
        servers.collection(database, "orders").insertOne(new Document("_id", id));
    }

    private void awaitPublished(int count) {
        await().atMost(PATIENCE)
                .ignoreExceptions()
                .until(() -> servers.published(database, "orders").size() >= count);
    }

    @Test
    @DisplayName(
            "2.4 Property 5, I1: a standby that takes over in a Redis that lost everything goes on where the"
                    + " leader was, and nothing is lost")
    void takesOverInARedisThatLostEverything() throws Exception {
        try (RunningWatcher leader = start()) {
            await().atMost(PATIENCE).until(leader::ready);
            insert(1);
            awaitPublished(1);
            try (RunningWatcher standby = start()) {
                awaitStandby(standby);
                redis.stop();
                leader.kill();
                insert(2);
                redis.restartEmpty();
                await().atMost(PATIENCE).until(standby::ready);
                insert(3);
                awaitPublished(3);
            }
        }
    }

    @Test
    @DisplayName(
            "case W6: a fail-over that leaves the connections to the old master open ends neither the leader nor the"
                    + " standby, and both go on at the new master")
    void survivesAFailOverThatLeavesConnectionsOpen() throws Exception {
        try (RedisServer replica = RedisServer.startReplica(redis);
                Line line = new Line(redis.port());
                RunningWatcher leader = start("redis://127.0.0.1:" + line.port())) {
            await().atMost(PATIENCE).until(leader::ready);
            insert(1);
            awaitPublished(1);
            try (RunningWatcher standby = start("redis://127.0.0.1:" + line.port());
                    Jedis old = new Jedis(redis.host(), redis.port());
                    Jedis master = new Jedis(replica.host(), replica.port())) {
                awaitStandby(standby);
                await().atMost(PATIENCE)
                        .until(() -> old.info("replication").contains("state=online"));
                master.replicaofNoOne();
                old.replicaof(replica.host(), replica.port());
                // Before DNS knows the new master, for longer than the lease lasts.
                await().atMost(PATIENCE).until(() -> !leader.ready());
                await().atMost(PATIENCE).until(() -> !standby.ready());
                line.leadTo(replica.port());
                await().atMost(PATIENCE)
                        .until(
                                () ->
                                        leader.gauge("cdc.watcher.leader")
                                                        + standby.gauge("cdc.watcher.leader")
                                                == 1);
                await().atMost(PATIENCE).until(() -> leader.ready() && standby.ready());
                insert(2);
                awaitPublished(2);
                await().atMost(PATIENCE).until(() -> master.hexists(CHECKPOINT, "json"));
                assertThat(leader.failure()).isNull();
                assertThat(standby.failure()).isNull();
            }
        }
    }

    @Test
    @DisplayName(
            "2.4 I1: a leader that was overtaken goes on where it was when it leads again in a Redis that lost"
                    + " everything")
    void leadsAgainWhereItWas() throws Exception {
        try (RunningWatcher watcher = start();
                Jedis client = new Jedis(redis.host(), redis.port())) {
            await().atMost(PATIENCE).until(watcher::ready);
            insert(1);
            awaitPublished(1);
            anotherOneLeadsWithoutACheckpoint(client);
            awaitStandby(watcher);
            insert(2);
            client.flushAll();
            await().atMost(PATIENCE).until(watcher::ready);
            insert(3);
            awaitPublished(3);
            await().atMost(PATIENCE).until(() -> client.hexists(CHECKPOINT, "json"));
        }
    }

    private static void anotherOneLeadsWithoutACheckpoint(Jedis client) {
        try (var transaction = client.multi()) {
            var _ = transaction.set(LEADER, "another");
            var _ = transaction.del(CHECKPOINT);
            var _ = transaction.hset(CHECKPOINT, "fence", "9000000000000000");
            var _ = transaction.exec();
        }
    }

    @Test
    @DisplayName(
            "case W3: who takes over publishes a stream of his own, as the one before may still"
                    + " publish")
    void takesOverAsAnotherStream() throws Exception {
        try (RunningWatcher leader = start()) {
            await().atMost(PATIENCE).until(leader::ready);
            insert(1);
            awaitPublished(1);
            insert(2);
            awaitPublished(2);
            assertThat(streams()).hasSize(1);
            try (RunningWatcher standby = start()) {
                awaitStandby(standby);
                leader.kill();
                await().atMost(PATIENCE).until(standby::ready);
                insert(3);
                awaitPublished(3);
                assertThat(streams()).hasSize(2);
            }
        }
    }

    private List<StreamId> streams() {
        return servers.published(database, "orders").stream()
                .map(each -> Objects.requireNonNull(each.headers().stream()))
                .distinct()
                .toList();
    }

    @Test
    @DisplayName(
            "2.3 I1: a standby that takes over without any position stops with a sentence and does"
                    + " not start from now")
    void doesNotStartFromNowAfterAnotherOne() throws Exception {
        try (Jedis client = new Jedis(redis.host(), redis.port())) {
            anotherOneLeadsWithoutACheckpoint(client);
            try (RunningWatcher watcher = start()) {
                awaitStandby(watcher);
                client.flushAll();
                assertThat(watcher.awaitFailure())
                        .isInstanceOf(Explained.class)
                        .hasMessageContaining("no checkpoint of it")
                        .hasMessageContaining("watcher.start");
            }
        }
    }
}
