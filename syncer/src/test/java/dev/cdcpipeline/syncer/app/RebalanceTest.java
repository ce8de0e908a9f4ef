package dev.cdcpipeline.syncer.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.cdcpipeline.embedded.PostgresServer;
import dev.cdcpipeline.model.Namespace;
import dev.cdcpipeline.syncer.support.AppliedVersions;
import dev.cdcpipeline.syncer.support.Database;
import dev.cdcpipeline.syncer.support.Dawdler;
import dev.cdcpipeline.syncer.support.Events;
import dev.cdcpipeline.syncer.support.Feed;
import dev.cdcpipeline.syncer.support.LogLines;
import dev.cdcpipeline.syncer.support.RunningSyncer;
import dev.cdcpipeline.syncer.support.Servers;
import dev.cdcpipeline.syncer.support.SyncerProcess;
import dev.cdcpipeline.syncer.support.Topics;
import dev.cdcpipeline.syncer.support.Workload;

import org.bson.BsonInt32;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What a rebalance of the group does to partitions that stay, and to batches that are retried. */
class RebalanceTest {
    private static final Duration LONG = Duration.ofSeconds(90);
    private static final String TOPIC = "stays.shop.orders";
    private static final String GROUP = "group-stays";
    private static final String OPENED = "a partition is applied from here";
    private static final int PARTITIONS = 8;
    private static final int ROUNDS = 10;

    private final Database database = new Database(Servers.postgres(), "stays");

    @Test
    @DisplayName(
            "4.1: in a rebalance under load the partitions that stay are applied on, without a pause")
    void partitionsThatStayAreAppliedOn() throws Exception {
        var environment = RunningSyncer.environment(Servers.kafka(), database, "stays[.].*");
        try (var feed = new Feed(Servers.kafka(), TOPIC, PARTITIONS);
                var topics = new Topics(Servers.kafka());
                var first = new RunningSyncer(environment)) {
            var workload = new Workload(feed, new Events(new Namespace("shop", "orders")), 7, 400);
            workload.send(400);
            awaitApplied(topics, all());
            Set<Integer> staying = all();
            try (var dawdler = new Dawdler(Servers.kafka(), GROUP, TOPIC, PARTITIONS / 2);
                    var log = new LogLines("dev.cdcpipeline.syncer.consume");
                    var _ = new SyncerProcess(environment)) {
                staying.removeAll(dawdler.partitions());
                await().atMost(LONG).until(() -> topics.isRebalancing(GROUP));
                for (int i = 0; i < ROUNDS; i++) { // it lasts until the dawdler goes
                    workload.send(100);
                    awaitApplied(topics, staying);
                    assertThat(first.gauge("cdc.syncer.partitions.paused")).isZero();
                }
                assertThat(topics.isRebalancing(GROUP)).isTrue();

                dawdler.leave();
                awaitApplied(topics, all());
                assertThat(database.values("shop.orders")).isEqualTo(workload.expected());
                assertThat(changesOf(staying, log)).isEmpty();
                assertThat(first.hasEnded()).isFalse();
            }
        }
    }

    @Test
    @DisplayName(
            "4.1, I1: partitions that go and come back while PostgreSQL is away are applied when it is back")
    void partitionsGoAndComeBackWhilePostgresIsAway() throws Exception {
        try (var postgres = PostgresServer.start()) {
            var away = new Database(postgres, "away");
            var versions = new AppliedVersions(away, "shop", "orders");
            var environment = RunningSyncer.environment(Servers.kafka(), away, "away[.].*");
            environment.put("SYNCER_POSTGRESQL_ACQUIRE_TIMEOUT", "1s");
            try (var feed = new Feed(Servers.kafka(), "away.shop.orders", 4);
                    var log = new LogLines("dev.cdcpipeline.syncer.consume");
                    var syncer = new RunningSyncer(environment)) {
                var workload =
                        new Workload(feed, new Events(new Namespace("shop", "orders")), 7, 100);
                workload.send(500);
                converges(away, workload);
                postgres.stopImmediately();
                workload.send(500);
                await().atMost(LONG).until(() -> syncer.count("cdc.syncer.retries") > 0);
                try (var guest = new Dawdler(Servers.kafka(), "group-away", feed.topic(), 2)) {
                    assertThat(guest.partitions()).hasSize(2);
                }
                await().atMost(LONG).until(() -> log.with("Partitions assigned").size() == 2);
                workload.send(500);

                postgres.restart();
                converges(away, workload);
                assertThat(syncer.hasEnded()).isFalse();
            }
            versions.assertNothingTwice();
        }
    }

    @Test
    @DisplayName(
            "I2, I4: a batch that is retried until its partitions have gone and come back is applied once")
    void partitionsGoAndComeBackWhileABatchIsRetried() throws Exception {
        var held = new Database(Servers.postgres(), "held");
        var versions = new AppliedVersions(held, "shop", "orders");
        held.execute("alter database %s set lock_timeout = '200ms'".formatted(held.quotedName()));
        var environment = RunningSyncer.environment(Servers.kafka(), held, "held[.].*");
        // One batch has records of every partition, whichever of them go.
        environment.put("SYNCER_WORKERS", "1");
        environment.put("SYNCER_BATCH_WHEN_IDLE", "false");
        environment.put("SYNCER_BATCH_MAX_RECORDS", "500");
        environment.put("SYNCER_BATCH_MAX_WAIT", "3s");
        var events = new Events(new Namespace("shop", "orders"));
        try (var feed = new Feed(Servers.kafka(), "held.shop.orders", 4);
                var lock = held.connect();
                var log = new LogLines("dev.cdcpipeline.syncer.consume");
                var syncer = new RunningSyncer(environment)) {
            insert(feed, events, 0, 500);
            awaitRows(held, 500);
            lock.setAutoCommit(false);
            lock.createStatement().execute("lock table shop.orders in access exclusive mode");
            insert(feed, events, 500, 1_000);
            await().atMost(LONG).until(() -> syncer.count("cdc.syncer.retries") > 0);
            int opened = log.with(OPENED).size();
            try (var guest = new Dawdler(Servers.kafka(), "group-held", feed.topic(), 2)) {
                assertThat(guest.partitions()).hasSize(2);
            }
            // From here on there are two that would apply the same records: the batch, and the
            // partitions' new claims, which have read the ledger before the batch moved it.
            await().atMost(LONG).until(() -> log.with(OPENED).size() == opened + 2);
            insert(feed, events, 1_000, 1_500);

            lock.rollback();
            awaitRows(held, 1_500);
            versions.assertNothingTwice();
            assertThat(syncer.count("cdc.syncer.fenced")).isPositive();
            assertThat(held.number("select sum(next_offset) from cdc.ledger")).isEqualTo(1_500);
            assertThat(syncer.hasEnded()).isFalse();
        }
    }

    /** New documents only, so that a row is written twice if its record is applied twice. */
    private static void insert(Feed feed, Events events, int from, int to) {
        for (int i = from; i < to; i++) {
            feed.send(events.insert(Events.document(new BsonInt32(i), i)));
        }
        feed.flush();
    }

    private static void awaitRows(Database database, int rows) {
        await().atMost(LONG)
                .until(() -> database.number("select count(*) from shop.orders") == rows);
    }

    private static void converges(Database database, Workload workload) {
        await().atMost(LONG)
                .untilAsserted(
                        () ->
                                assertThat(database.values("shop.orders"))
                                        .isEqualTo(workload.expected()));
    }

    private static Set<Integer> all() {
        return IntStream.range(0, PARTITIONS).boxed().collect(Collectors.toSet());
    }

    private void awaitApplied(Topics topics, Set<Integer> partitions) {
        await().atMost(LONG)
                .until(
                        () -> {
                            var applied =
                                    database.map(
                                            "select partition::text, next_offset::text from cdc.ledger");
                            for (int partition : partitions) {
                                String end = Long.toString(topics.end(TOPIC, partition));
                                if (!end.equals(applied.get(Integer.toString(partition)))) {
                                    return false;
                                }
                            }
                            return true;
                        });
    }

    /** What the group did to these partitions of the first instance. */
    private static List<String> changesOf(Set<Integer> partitions, LogLines log) {
        return log.with("Partitions ").stream()
                .filter(
                        line ->
                                partitions.stream()
                                        .anyMatch(each -> line.contains(TOPIC + "-" + each)))
                .toList();
    }
}
