package dev.cdcpipeline.syncer.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;

import dev.cdcpipeline.embedded.KafkaBroker;
import dev.cdcpipeline.embedded.PostgresServer;
import dev.cdcpipeline.model.Namespace;
import dev.cdcpipeline.platform.lifecycle.ExitCode;
import dev.cdcpipeline.syncer.support.AppliedVersions;
import dev.cdcpipeline.syncer.support.Database;
import dev.cdcpipeline.syncer.support.Events;
import dev.cdcpipeline.syncer.support.Feed;
import dev.cdcpipeline.syncer.support.Load;
import dev.cdcpipeline.syncer.support.LogLines;
import dev.cdcpipeline.syncer.support.RunningSyncer;
import dev.cdcpipeline.syncer.support.Servers;
import dev.cdcpipeline.syncer.support.SyncerProcess;
import dev.cdcpipeline.syncer.support.Workload;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;

class SyncerFaultTest {
    private static final Duration LONG = Duration.ofSeconds(90);

    private static void converges(Database database, Map<String, String> expected) {
        await().atMost(LONG)
                .untilAsserted(
                        () -> assertThat(database.values("shop.orders")).isEqualTo(expected));
    }

    @Test
    @DisplayName("15, I1-I3: kill -9 at random moments under load loses, repeats, reorders nothing")
    void killsAtRandomMomentsDoNotMatter() throws Exception {
        int kills = Integer.getInteger("syncer.kills", 10);
        var random = new Random(7);
        var database = new Database(Servers.postgres(), "kills");
        var versions = new AppliedVersions(database, "shop", "orders");
        var environment = RunningSyncer.environment(Servers.kafka(), database, "kills[.].*");
        try (var feed = new Feed(Servers.kafka(), "kills.shop.orders", 4)) {
            var workload = new Workload(feed, new Events(new Namespace("shop", "orders")), 3, 300);
            workload.send(500);
            for (int i = 0; i < kills; i++) {
                long before = applied(database);
                workload.send(300 + random.nextInt(700));
                try (var process = new SyncerProcess(environment)) {
                    await().atMost(LONG).until(() -> applied(database) > before);
                    workload.send(300 + random.nextInt(700));
                    await().pollDelay(Duration.ofMillis(random.nextInt(150)))
                            .until(() -> true); // a random moment
                    process.kill();
                }
            }
            workload.send(500);
            try (var process = new SyncerProcess(environment)) {
                converges(database, workload.expected());
                assertThat(process.terminate()).isZero();
            }
            assertThat(database.number("select sum(next_offset) from cdc.ledger"))
                    .isEqualTo(workload.sent());
        }
        versions.assertNothingTwice();
    }

    private static long applied(Database database) {
        return database.number("select count(*) from shop.orders_applied");
    }

    private static void awaitApplied(Database database, long more) {
        long target = applied(database) + more;
        await().atMost(LONG).until(() -> applied(database) >= target);
    }

    @Test
    @DisplayName("I4: an instance that slept past its session is fenced when it wakes up")
    void aZombieIsFenced() throws Exception {
        var database = new Database(Servers.postgres(), "zombie");
        var versions = new AppliedVersions(database, "shop", "orders");
        var environment = RunningSyncer.environment(Servers.kafka(), database, "zombie[.].*");
        try (var feed = new Feed(Servers.kafka(), "zombie.shop.orders", 2);
                var zombie = new SyncerProcess(environment)) {
            var workload = new Workload(feed, new Events(new Namespace("shop", "orders")), 5, 100);
            workload.send(500);
            converges(database, workload.expected());
            sleepInTheMidstOfABatch(zombie, database, workload);
            try (var heir = new RunningSyncer(environment)) {
                workload.send(500);
                converges(database, workload.expected());
                zombie.signal("CONT");
                workload.send(1_000);
                converges(database, workload.expected());
                assertThat(heir.hasEnded()).isFalse();
                await().atMost(LONG)
                        .until(
                                () ->
                                        !zombie.logged("is not where this instance left it")
                                                .isEmpty());
            }
            converges(database, workload.expected());
        }
        versions.assertNothingTwice();
    }

    /** Its transaction stays open, until the server ends it; it wakes up with the batch in hand. */
    private static void sleepInTheMidstOfABatch(
            SyncerProcess zombie, Database database, Workload workload) throws Exception {
        try (var lock = database.connect()) {
            lock.setAutoCommit(false);
            lock.createStatement().execute("lock table shop.orders in access exclusive mode");
            workload.send(2_000);
            awaitWaitForLock(database);
            zombie.signal("STOP");
            lock.commit();
        }
    }

    private static void awaitWaitForLock(Database database) {
        await().atMost(LONG)
                .until(
                        () ->
                                database.number(
                                                "select count(*) from pg_stat_activity where"
                                                        + " datname = current_database() and"
                                                        + " wait_event_type = 'Lock'")
                                        > 0);
    }

    @Test
    @DisplayName(
            "9.5: a stop that PostgreSQL holds up ends at the deadline, not with 0; nothing is lost")
    void aStopThatIsHeldUpEndsAtTheDeadline() throws Exception {
        var database = new Database(Servers.postgres(), "heldup");
        var versions = new AppliedVersions(database, "shop", "orders");
        var environment = RunningSyncer.environment(Servers.kafka(), database, "heldup[.].*");
        environment.put("SYNCER_SHUTDOWN_DEADLINE", "2s");
        try (var feed = new Feed(Servers.kafka(), "heldup.shop.orders", 2)) {
            var workload = new Workload(feed, new Events(new Namespace("shop", "orders")), 5, 100);
            try (var process = new SyncerProcess(environment);
                    var lock = database.connect()) {
                workload.send(500);
                converges(database, workload.expected());
                lock.setAutoCommit(false);
                lock.createStatement().execute("lock table shop.orders in access exclusive mode");
                workload.send(500);
                awaitWaitForLock(database);
                assertThat(process.terminate()).isEqualTo(ExitCode.DEADLINE.value());
            }
            try (var process = new SyncerProcess(environment)) {
                converges(database, workload.expected());
                assertThat(process.terminate()).isZero();
            }
        }
        versions.assertNothingTwice();
    }

    @Test
    @DisplayName("9.3, 9.5: a stop while Kafka is away ends well within its deadline")
    void aStopWhileKafkaIsAwayEndsInTime() throws Exception {
        try (var kafka = KafkaBroker.start()) {
            var database = new Database(Servers.postgres(), "kafkaless");
            var environment = RunningSyncer.environment(kafka, database, "kafkaless[.].*");
            try (var feed = new Feed(kafka, "kafkaless.shop.orders", 2);
                    var syncer = new RunningSyncer(environment)) {
                var workload =
                        new Workload(feed, new Events(new Namespace("shop", "orders")), 5, 100);
                workload.send(500);
                converges(database, workload.expected());
                kafka.stop();
                await().atMost(LONG).until(() -> !syncer.health().report().ready());

                CompletableFuture<Void> stopping = CompletableFuture.runAsync(syncer::close);
                assertThat(stopping).succeedsWithin(Duration.ofSeconds(30));
            }
        }
    }

    @Test
    @DisplayName("12.5, Property 24: PostgreSQL and Kafka restart under load, nothing is lost")
    void restartsOfTheServersDoNotMatter() throws Exception {
        try (var kafka = KafkaBroker.start();
                var postgres = PostgresServer.start()) {
            var database = new Database(postgres, "restarts");
            var versions = new AppliedVersions(database, "shop", "orders");
            var environment = RunningSyncer.environment(kafka, database, "restarts[.].*");
            environment.put("SYNCER_POSTGRESQL_ACQUIRE_TIMEOUT", "1s");
            try (var feed = new Feed(kafka, "restarts.shop.orders", 4);
                    var log = new LogLines("org.apache.kafka.clients.NetworkClient", Level.WARN);
                    var syncer = new RunningSyncer(environment)) {
                var workload =
                        new Workload(feed, new Events(new Namespace("shop", "orders")), 9, 300);
                try (var _ = new Load(workload)) {
                    awaitApplied(database, 500);
                    postgres.stopImmediately();
                    await().atMost(LONG).until(() -> syncer.count("cdc.syncer.retries") > 0);
                    postgres.restart();
                    awaitApplied(database, 500);

                    kafka.stop();
                    await().atMost(LONG).until(() -> !log.with("[Consumer client").isEmpty());
                    kafka.restart();
                    awaitApplied(database, 500);
                }
                converges(database, workload.expected());

                assertThat(syncer.hasEnded()).isFalse();
                syncer.stop();
            }
            versions.assertNothingTwice();
        }
    }
}
