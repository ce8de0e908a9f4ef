package dev.cdcpipeline.syncer.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.cdcpipeline.model.Namespace;
import dev.cdcpipeline.model.wire.WireFormat;
import dev.cdcpipeline.syncer.support.Database;
import dev.cdcpipeline.syncer.support.Events;
import dev.cdcpipeline.syncer.support.Feed;
import dev.cdcpipeline.syncer.support.LogLines;
import dev.cdcpipeline.syncer.support.RunningSyncer;
import dev.cdcpipeline.syncer.support.Servers;
import dev.cdcpipeline.syncer.support.Topics;
import dev.cdcpipeline.syncer.support.Workload;

import org.bson.BsonString;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

class SyncerTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    private static RunningSyncer start(String name, Database database) {
        return new RunningSyncer(environment(name, database));
    }

    private static Map<String, String> environment(String name, Database database) {
        return RunningSyncer.environment(Servers.kafka(), database, name + "[.].*");
    }

    private static Feed feed(String name) {
        return new Feed(Servers.kafka(), name + ".shop.orders", 3);
    }

    private static void converges(Database database, Map<String, String> expected) {
        await().atMost(LONG)
                .untilAsserted(
                        () -> assertThat(database.values("shop.orders")).isEqualTo(expected));
    }

    @Test
    @DisplayName("4.5, 5.4, 8.1, 9.3, Property 19: a stop leaves rows, ledger and offsets equal")
    void aStopLeavesRowsLedgerAndOffsetsEqual() throws Exception {
        var database = new Database(Servers.postgres(), "stops");
        try (var feed = feed("stops");
                var topics = new Topics(Servers.kafka());
                var syncer = start("stops", database)) {
            var workload = new Workload(feed, new Events(new Namespace("shop", "orders")), 1, 500);
            workload.send(3_000);
            converges(database, workload.expected());
            workload.send(2_000);
            syncer.stop();

            assertThat(topics.committed("group-stops")).isEqualTo(ledger(database));
        }
        try (var again = start("stops", database);
                var feed = new Feed(Servers.kafka(), "stops.shop.other", 1)) {
            new Workload(feed, new Events(new Namespace("shop", "other")), 1, 5).send(5);
            await().atMost(LONG).until(() -> !database.values("shop.other").isEmpty());
            assertThat(again.count("cdc.syncer.fenced")).isZero();
        }
        assertThat(database.number("select sum(next_offset) from cdc.ledger")).isEqualTo(5_005);
    }

    private static Map<String, String> ledger(Database database) {
        return database.map("select topic || '-' || partition, next_offset from cdc.ledger");
    }

    @Test
    @DisplayName("6.4, 9.3, Property 19: what only waits for more is written when it stops")
    void aStopWritesWhatIsBuffered() throws Exception {
        var database = new Database(Servers.postgres(), "buffered");
        Map<String, String> environment = environment("buffered", database);
        environment.put("SYNCER_BATCH_WHEN_IDLE", "false");
        environment.put("SYNCER_BATCH_MAX_WAIT", "1h");
        environment.put("SYNCER_BATCH_MAX_RECORDS", "10000");
        try (var feed = feed("buffered");
                var topics = new Topics(Servers.kafka());
                var syncer = new RunningSyncer(environment)) {
            var workload = new Workload(feed, new Events(new Namespace("shop", "orders")), 1, 50);
            workload.send(500);
            await().atMost(LONG).until(() -> syncer.count("cdc.syncer.consumed") == 500);
            assertThat(ledger(database))
                    .hasSize(3)
                    .allSatisfy((_, next) -> assertThat(next).isEqualTo("0"));

            syncer.stop();

            assertThat(database.values("shop.orders")).isEqualTo(workload.expected());
            assertThat(database.number("select sum(next_offset) from cdc.ledger")).isEqualTo(500);
            assertThat(topics.committed("group-buffered")).isEqualTo(ledger(database));
        }
    }

    @Test
    @DisplayName("4.2, 4.1: BSON topics too, and topics that come later")
    void appliesBsonAndPicksUpNewTopics() throws Exception {
        var database = new Database(Servers.postgres(), "later");
        try (var syncer = start("later", database);
                var feed = new Feed(Servers.kafka(), "later.shop.orders", 2, WireFormat.BSON)) {
            var workload = new Workload(feed, new Events(new Namespace("shop", "orders")), 1, 50);
            workload.send(300);
            converges(database, workload.expected());
            assertThat(syncer.hasEnded()).isFalse();
        }
    }

    @Test
    @DisplayName(
            "8.1: rows go to the tables that the options say, by templates and by single names")
    void rowsGoToTheTablesThatTheOptionsSay() throws Exception {
        var database = new Database(Servers.postgres(), "routes");
        var environment = environment("routes", database);
        environment.put("SYNCER_TABLE_SCHEMA", "s_{db}");
        environment.put("SYNCER_TABLE_NAME", "{db}_{collection}");
        environment.put("SYNCER_TABLE_OVERRIDES_SHOP_ORDERS", "sales.bought");
        environment.put("SYNCER_TABLE_OVERRIDES_SHOP_ITEMS", "goods");
        insert("routes.1", new Namespace("shop", "orders"));
        insert("routes.2", new Namespace("shop", "items"));
        insert("routes.3", new Namespace("shop", "{db}"));
        try (var _ = new RunningSyncer(environment)) {
            hasOnly(database, "sales.bought", "orders");
            hasOnly(database, "s_shop.goods", "items");
            hasOnly(database, "s_shop.\"shop_{db}\"", "{db}");
        }
    }

    /** A document whose {@code _id} is the collection's name. */
    private static void insert(String topic, Namespace namespace) {
        var document = Events.document(new BsonString(namespace.collection()), 1);
        try (var feed = new Feed(Servers.kafka(), topic, 1)) {
            feed.send(new Events(namespace).insert(document));
        }
    }

    private static void hasOnly(Database database, String table, String key) {
        await().atMost(LONG)
                .untilAsserted(
                        () -> assertThat(database.values(table)).isEqualTo(Map.of(key, "1")));
    }

    @Test
    @DisplayName(
            "8.4, Property 18, 14.1: overwritten rows are logged at debug and counted, as is the lag")
    void overwrittenRowsAreLoggedAndCounted() throws Exception {
        var database = new Database(Servers.postgres(), "overwrites");
        try (var log = new LogLines("dev.cdcpipeline.syncer.consume");
                var feed = feed("overwrites");
                var syncer = start("overwrites", database)) {
            var workload = new Workload(feed, new Events(new Namespace("shop", "orders")), 1, 50);
            workload.send(100);
            converges(database, workload.expected());
            workload.send(100);
            converges(database, workload.expected());

            await().atMost(LONG)
                    .until(() -> syncer.count("cdc.syncer.applied", "kind", "overwrite") > 0);
            await().atMost(LONG)
                    .until(
                            () ->
                                    log.all().stream()
                                            .anyMatch(
                                                    line ->
                                                            line.matches(
                                                                    "shop[.]orders: \\d+ rows"
                                                                            + " overwritten")));
            assertThat(syncer.count("cdc.syncer.consumed.bytes")).isGreaterThan(200 * 100);
            await().atMost(LONG).until(() -> syncer.gauge("cdc.syncer.lag.records") == 0);
        }
    }

    @Test
    @DisplayName(
            "4.1, 4.5, I7, Property 11: while PostgreSQL stands still, polling goes on, memory is bounded, the lag is known, nobody leaves the group, no offset is committed")
    void aSlowDatabaseCausesNoRebalance() throws Exception {
        var database = new Database(Servers.postgres(), "slow");
        Map<String, String> environment = environment("slow", database);
        environment.put("SYNCER_QUEUE_MAX_BYTES", "1MiB");
        environment.put("SYNCER_BATCH_MAX_BYTES", "64KiB");
        environment.put("SYNCER_KAFKA_MAX_POLL_RECORDS", "100");
        environment.put("SYNCER_KAFKA_PROPERTIES_MAX_POLL_INTERVAL_MS", "3000");
        try (var feed = feed("slow");
                var topics = new Topics(Servers.kafka());
                var lock = database.connect();
                var log = new LogLines("dev.cdcpipeline.syncer.consume");
                var syncer = new RunningSyncer(environment)) {
            var workload = new Workload(feed, new Events(new Namespace("shop", "orders")), 1, 500);
            workload.send(100);
            converges(database, workload.expected());
            await().atMost(LONG).until(() -> committed(topics, "group-slow") == 100);
            lock.setAutoCommit(false);
            lock.createStatement().execute("lock table shop.orders in access exclusive mode");

            workload.send(20_000);
            await().atMost(LONG).until(() -> syncer.gauge("cdc.syncer.partitions.paused") == 3);
            await().during(Duration.ofSeconds(4)) // longer than a member may not poll
                    .atMost(LONG)
                    .until(() -> syncer.gauge("cdc.syncer.queue.bytes") < (2 << 20));

            workload.send(5_000); // which the paused consumer does not hear of
            await().atMost(LONG)
                    .until(() -> syncer.gauge("cdc.syncer.lag.records") == workload.sent() - 100);
            assertThat(committed(topics, "group-slow")).isEqualTo(100);

            lock.commit();
            converges(database, workload.expected());
            await().atMost(LONG).until(() -> syncer.gauge("cdc.syncer.partitions.paused") == 0);
            assertThat(log.with("Partitions revoked")).isEmpty();
            assertThat(log.with("Partitions lost")).isEmpty();
            assertThat(log.with("Partitions assigned")).hasSize(1);
            assertThat(syncer.count("cdc.syncer.fenced")).isZero();
        }
    }

    private static long committed(Topics topics, String group) throws Exception {
        return topics.committed(group).values().stream().mapToLong(Long::parseLong).sum();
    }

    @Test
    @DisplayName(
            "6.1, I7: while a row of one partition is locked the others go on, however much comes of that one")
    void aBlockedPartitionDoesNotHoldBackTheOthers() throws Exception {
        var database = new Database(Servers.postgres(), "blocked");
        Map<String, String> environment = environment("blocked", database);
        environment.put("SYNCER_WORKERS", "2");
        environment.put("SYNCER_QUEUE_MAX_BYTES", "1MiB");
        try (var feed = feed("blocked");
                var topics = new Topics(Servers.kafka());
                var lock = database.connect();
                var syncer = new RunningSyncer(environment)) {
            var events = new Events(new Namespace("shop", "orders"));
            var workload = new Workload(feed, events, 1, 100);
            workload.send(300);
            feed.send(events.insert(Events.document(new BsonString("locked"), 0)));
            feed.flush();
            // All of them: what is still to be written could share a batch with the locked row.
            var applied = new HashMap<>(workload.expected());
            applied.put("locked", "0");
            await().atMost(LONG).until(() -> database.values("shop.orders").equals(applied));
            lock.setAutoCommit(false);
            lock.createStatement()
                    .execute("select from shop.orders where _id = 'locked' for update");

            for (int i = 1; i <= 5_000; i++) {
                feed.send(events.update(Events.document(new BsonString("locked"), i)));
            }
            feed.flush();
            await().atMost(LONG).until(() -> syncer.gauge("cdc.syncer.partitions.paused") == 1);
            workload.send(3_000);
            await().atMost(LONG).until(() -> partitionsBehind(database, topics, feed) == 1);
            assertThat(database.values("shop.orders")).containsEntry("locked", "0");

            lock.commit();
            await().atMost(LONG).until(() -> partitionsBehind(database, topics, feed) == 0);
            var expected = new HashMap<>(workload.expected());
            expected.put("locked", "5000");
            assertThat(database.values("shop.orders")).isEqualTo(expected);
        }
    }

    @Test
    @DisplayName(
            "6.1: a partition that is held back again and again does not wait for those without news")
    void aBacklogDoesNotWaitForPartitionsWithoutNews() throws Exception {
        var database = new Database(Servers.postgres(), "busy");
        Map<String, String> environment = environment("busy", database);
        environment.put("SYNCER_QUEUE_MAX_BYTES", "1MiB");
        try (var feed = feed("busy")) {
            var events = new Events(new Namespace("shop", "orders"));
            for (int i = 0; i < 180_000; i++) {
                feed.send(events.update(Events.document(new BsonString("busy"), i)));
            }
            feed.flush();
            try (var syncer = new RunningSyncer(environment)) {
                await().atMost(LONG).until(() -> syncer.count("cdc.syncer.consumed") > 0);

                // It takes about 3 s; with the consumer's usual 500 ms at each fetch, 20 s.
                await().atMost(Duration.ofSeconds(15))
                        .until(() -> database.values("shop.orders").containsValue("179999"));
            }
        }
    }

    private static int partitionsBehind(Database database, Topics topics, Feed feed)
            throws Exception {
        int behind = 0;
        for (var applied :
                database.map("select partition::text, next_offset::text from cdc.ledger")
                        .entrySet()) {
            long end = topics.end(feed.topic(), Integer.parseInt(applied.getKey()));
            if (Long.parseLong(applied.getValue()) < end) {
                behind++;
            }
        }
        return behind;
    }

    @Test
    @DisplayName("Invariant I3: a topic whose whole content comes again changes nothing")
    void aTopicThatComesAgainChangesNothing() throws Exception {
        var database = new Database(Servers.postgres(), "again");
        try (var feed = feed("again");
                var syncer = start("again", database)) {
            var events = new Events(new Namespace("shop", "orders"));
            var workload = new Workload(feed, events, 1, 100);
            workload.send(1_000);
            converges(database, workload.expected());

            new Workload(feed, events.again(), 1, 100).send(1_000);

            await().atMost(LONG)
                    .untilAsserted(
                            () ->
                                    assertThat(syncer.count("cdc.syncer.redelivered"))
                                            .isEqualTo(1_000));
            assertThat(database.values("shop.orders")).isEqualTo(workload.expected());
        }
    }

    @Test
    @DisplayName("1.5: a drop empties the table once every partition has seen it")
    void aDropEmptiesTheTable() throws Exception {
        var database = new Database(Servers.postgres(), "drops");
        try (var feed = feed("drops");
                var syncer = start("drops", database)) {
            var events = new Events(new Namespace("shop", "orders"));
            for (int i = 0; i < 100; i++) {
                feed.send(events.insert(Events.document(new BsonString("a" + i), i)));
            }
            feed.send(events.drop());
            feed.send(events.insert(Events.document(new BsonString("new"), 7)));
            feed.flush();
            converges(database, Map.of("new", "7"));
            await().atMost(LONG).until(() -> syncer.count("cdc.syncer.applied") >= 101);
        }
    }
}
