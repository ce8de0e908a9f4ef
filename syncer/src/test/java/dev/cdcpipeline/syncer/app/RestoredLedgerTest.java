package dev.cdcpipeline.syncer.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.cdcpipeline.model.Namespace;
import dev.cdcpipeline.syncer.consume.DataLossException;
import dev.cdcpipeline.syncer.support.Database;
import dev.cdcpipeline.syncer.support.Events;
import dev.cdcpipeline.syncer.support.Feed;
import dev.cdcpipeline.syncer.support.LogLines;
import dev.cdcpipeline.syncer.support.RunningSyncer;
import dev.cdcpipeline.syncer.support.Servers;
import dev.cdcpipeline.syncer.support.Topics;
import dev.cdcpipeline.syncer.support.Workload;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.Map;

/**
 * I5: rows and ledger that are put back together, by a restore or by a standby that lagged, are
 * applied again from Kafka, also where no record comes.
 */
class RestoredLedgerTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    private static Workload workload(Feed feed) {
        return new Workload(feed, new Events(new Namespace("shop", "orders")), 1, 50);
    }

    private static void converges(Database database, Map<String, String> expected) {
        await().atMost(LONG)
                .untilAsserted(
                        () -> assertThat(database.values("shop.orders")).isEqualTo(expected));
    }

    private static void isAppliedTo(Database database, long records) {
        await().atMost(LONG)
                .ignoreException(IllegalStateException.class) // no ledger yet
                .until(
                        () ->
                                database.number(
                                                "select coalesce(sum(next_offset), 0) from cdc.ledger")
                                        == records);
    }

    @Test
    @DisplayName(
            "case S5: while partitions are idle, a database that went back is noticed and filled again")
    void aDatabaseThatWentBackIsFilledAgain() throws Exception {
        var database = new Database(Servers.postgres(), "restored");
        try (var feed = new Feed(Servers.kafka(), "restored.shop.orders", 3);
                var topics = new Topics(Servers.kafka());
                var log = new LogLines("dev.cdcpipeline.syncer.consume.LedgerOpener");
                var syncer =
                        new RunningSyncer(
                                RunningSyncer.environment(
                                        Servers.kafka(), database, "restored[.].*"))) {
            Workload workload = workload(feed);
            workload.send(300);
            converges(database, workload.expected());
            isAppliedTo(database, 300);
            database.execute(
                    "create schema backup",
                    "create table backup.ledger as table cdc.ledger",
                    "create table backup.orders as table shop.orders");
            workload.send(200);
            converges(database, workload.expected());
            isAppliedTo(database, 500);

            database.execute(
                    "begin; truncate shop.orders; insert into shop.orders table backup.orders;"
                            + " delete from cdc.ledger; insert into cdc.ledger table backup.ledger; commit");

            converges(database, workload.expected());
            isAppliedTo(database, 500);
            assertThat(log.with("the ledger went back from ")).isNotEmpty().hasSizeLessThan(4);
            assertThat(syncer.count("cdc.syncer.ledger.rewound")).isBetween(1.0, 3.0);
            await().atMost(LONG).until(() -> syncer.gauge("cdc.syncer.lag.records") == 0);
            await().atMost(LONG)
                    .until(
                            () ->
                                    topics.committed("group-restored").values().stream()
                                                    .mapToLong(Long::parseLong)
                                                    .sum()
                                            == 500);
            assertThat(syncer.hasEnded()).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"delete from cdc.ledger", "drop schema cdc cascade"})
    @DisplayName("case S5: so it is where the ledger is gone, while Kafka has every record")
    void aLedgerThatIsGoneIsMadeAnew(String gone) throws Exception {
        var database = new Database(Servers.postgres(), "emptied");
        String name = "emptied" + gone.length();
        try (var feed = new Feed(Servers.kafka(), name + ".shop.orders", 2);
                var syncer =
                        new RunningSyncer(
                                RunningSyncer.environment(
                                        Servers.kafka(), database, name + "[.].*"))) {
            Workload workload = workload(feed);
            workload.send(300);
            converges(database, workload.expected());
            isAppliedTo(database, 300);

            database.execute("begin; truncate shop.orders; " + gone + "; commit");
            converges(database, workload.expected());
            isAppliedTo(database, 300);

            // And under load, where the next step tells.
            database.execute("begin; truncate shop.orders; " + gone + "; commit");
            workload.send(100);
            converges(database, workload.expected());
            isAppliedTo(database, 400);
            assertThat(syncer.hasEnded()).isFalse();
        }
    }

    @Test
    @DisplayName("case S5, I5: a ledger that went back to what Kafka no longer holds is a stop")
    void whatKafkaNoLongerHoldsIsAStop() throws Exception {
        var database = new Database(Servers.postgres(), "too_old");
        try (var feed = new Feed(Servers.kafka(), "too-old.shop.orders", 1);
                var topics = new Topics(Servers.kafka());
                var syncer =
                        new RunningSyncer(
                                RunningSyncer.environment(
                                        Servers.kafka(), database, "too-old[.].*"))) {
            Workload workload = workload(feed);
            workload.send(100);
            isAppliedTo(database, 100);
            topics.deleteRecordsBefore("too-old.shop.orders", 0, 60);

            database.execute("delete from cdc.ledger");

            assertThat(syncer.failure())
                    .isInstanceOf(DataLossException.class)
                    .hasMessageContaining("60 records were deleted before they were applied");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "create rule quiet as on update to cdc.ledger do instead nothing; DROP RULE",
                "create trigger quiet before update on cdc.ledger for each row execute function nothing(); DROP TRIGGER"
            })
    @DisplayName(
            "case S3: a ledger that something keeps from moving is named, not tried without end")
    void aLedgerThatDoesNotMoveIsNamed(String hindrance, String remedy) throws Exception {
        var database = new Database(Servers.postgres(), "stuck");
        String name = "stuck-" + remedy.length();
        try (var feed = new Feed(Servers.kafka(), name + ".shop.orders", 1);
                var syncer =
                        new RunningSyncer(
                                RunningSyncer.environment(
                                        Servers.kafka(), database, name + "[.].*"))) {
            Workload workload = workload(feed);
            workload.send(100);
            isAppliedTo(database, 100);
            database.execute(
                    "create function nothing() returns trigger language plpgsql as"
                            + " 'begin return null; end'",
                    hindrance);
            workload.send(1);
            assertThat(syncer.failure())
                    .hasMessageContaining(remedy + " \"quiet\" ON \"cdc\".\"ledger\"");
        }
    }
}
