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
            "I2, I4: partitions that go and come back while a batch of theirs is retried are applied once")
    void partitionsGoAndComeBackWhileABatchIsRetried() throws Exception {
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
