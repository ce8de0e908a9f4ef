package dev.cdcpipeline.syncer.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.cdcpipeline.platform.failure.Explained;
import dev.cdcpipeline.syncer.consume.UnorderedTopicException;
import dev.cdcpipeline.syncer.support.Database;
import dev.cdcpipeline.syncer.support.Feed;
import dev.cdcpipeline.syncer.support.RunningSyncer;
import dev.cdcpipeline.syncer.support.Servers;
import dev.cdcpipeline.syncer.support.Topics;
import dev.cdcpipeline.syncer.support.TransactionalProducer;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;

/** Topics that the official MongoDB Kafka connector writes: no headers, other spellings. */
class ConnectorTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final String COPY_KEY = "{\"_id\": {\"copyingData\": true}}";
    private static final String OID = "600b38ad6011ef6265c3f27";

    private static RunningSyncer start(String name, Database database) {
        return new RunningSyncer(
                RunningSyncer.environment(Servers.kafka(), database, name + "[.].*"));
    }

    /** As its default JSON formatter writes it. */
    private static String event(int time, String operation, String rest) {
        return """
               {"_id": {"_data": "%s"}, "operationType": "%s", \
               "clusterTime": {"$timestamp": {"t": %d, "i": 1}}, \
               "ns": {"db": "demo", "coll": "posts"}%s}"""
                .formatted(token(time), operation, time, rest);
    }

    private static String token(int time) {
        return "82%08X000000012B022C0100296E5A1004".formatted(time);
    }

    private static String document(int id, int value) {
        return """
               , "documentKey": {"_id": {"$oid": "%1$s%2$d"}}, \
               "fullDocument": {"_id": {"$oid": "%1$s%2$d"}, "value": %3$d, \
               "at": {"$date": 1611348141000}}"""
                .formatted(OID, id, value);
    }

    /** As it writes what was there before. */
    private static String copy(int id, int value) {
        return """
               {"_id": {"_id": {"$oid": "%s%d"}, "copyingData": true}, "operationType": "insert", \
               "ns": {"db": "demo", "coll": "posts"}%s}"""
                .formatted(OID, id, document(id, value));
    }

    private static String key(int id) {
        return ", \"documentKey\": {\"_id\": {\"$oid\": \"" + OID + id + "\"}}";
    }

    private static void send(Feed feed, String key, String value) {
        feed.sendRaw(key.getBytes(StandardCharsets.UTF_8), value.getBytes(StandardCharsets.UTF_8));
    }

    private static String tokenKey(int time) {
        return "{\"_id\": {\"_data\": \"" + token(time) + "\"}}";
    }

    private static void converges(Database database, Map<String, String> expected) {
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(database.values("demo.posts")).isEqualTo(expected));
    }

    @Test
    @DisplayName("4.2, 1.5: copies, changes, re-deliveries and a drop in a topic of one partition")
    void appliesItsTopics() throws Exception {
        var database = new Database(Servers.postgres(), "official");
        try (var feed = new Feed(Servers.kafka(), "official.demo.posts", 1);
                var syncer = start("official", database)) {
            send(feed, COPY_KEY, copy(9, 90));
            send(feed, tokenKey(101), event(101, "insert", document(1, 10)));
            send(feed, tokenKey(102), event(102, "insert", document(2, 20)));
            send(feed, tokenKey(103), event(103, "update", document(1, 11)));
            send(feed, tokenKey(104), event(104, "delete", key(2)));
            send(feed, tokenKey(102), event(102, "insert", document(2, 20))); // after its restart
            feed.flush();
            converges(database, Map.of(OID + "9", "90", OID + "1", "11"));
            assertThat(database.column("select doc->>'at' from demo.posts where _id like '%1'"))
                    .containsExactly("2021-01-22T20:42:21Z");
            await().atMost(LONG).until(() -> syncer.count("cdc.syncer.consumed") == 6);
            converges(database, Map.of(OID + "9", "90", OID + "1", "11")); // 2 did not come back

            send(feed, tokenKey(105), event(105, "drop", ""));
            send(feed, tokenKey(106), event(106, "insert", document(3, 30)));
            send(feed, COPY_KEY, copy(4, 40));
            feed.flush();
            converges(database, Map.of(OID + "3", "30", OID + "4", "40"));
            send(feed, tokenKey(103), event(103, "update", document(1, 11)));
            send(feed, tokenKey(105), event(105, "drop", "")); // again, and it takes no copy along
            send(feed, tokenKey(107), event(107, "insert", document(5, 50)));
            feed.flush();
            converges(database, Map.of(OID + "3", "30", OID + "4", "40", OID + "5", "50"));
            assertThat(syncer.count("cdc.syncer.dead.letters")).isZero();
        }
    }

    @Test
    @DisplayName("case S4: cluster times of two clusters in one partition rise and fall: all rows")
    void appliesTwoClustersInOneTopic() throws Exception {
        var database = new Database(Servers.postgres(), "clusters");
        try (var feed = new Feed(Servers.kafka(), "clusters.demo.posts", 1);
                var syncer = start("clusters", database)) {
            long[][] times = {{1796000000, 1}, {1795999999, 9}, {1796000001, 1}, {1796000001, 1}};
            for (int id = 0; id < times.length; id++) {
                send(
                        feed,
                        OID + id,
                        """
                        {"_id": {"_data": "82%08X%08X2B022C0100296E5A1004"}, "operationType": "insert", \
                        "clusterTime": {"$timestamp": {"t": %d, "i": %d}}, \
                        "ns": {"db": "demo", "coll": "posts"}%s}"""
                                .formatted(
                                        times[id][0],
                                        times[id][1],
                                        times[id][0],
                                        times[id][1],
                                        document(id, id)));
            }
            feed.flush();
            converges(database, Map.of(OID + 0, "0", OID + 1, "1", OID + 2, "2", OID + 3, "3"));
            assertThat(syncer.count("cdc.syncer.redelivered")).isZero();
        }
    }

    @Test
    @DisplayName(
            "1.5, I1, I6: copies that follow a drop stay, also where all of it is one backlog, with bad records in it")
    void keepsCopiesBehindADrop() throws Exception {
        var database = new Database(Servers.postgres(), "copied");
        try (var feed = new Feed(Servers.kafka(), "copied.demo.posts", 1);
                var topics = new Topics(Servers.kafka())) {
            send(feed, tokenKey(101), event(101, "insert", document(1, 10)));
            send(feed, tokenKey(102), event(102, "drop", ""));
            send(feed, COPY_KEY, "before a copy that waits");
            send(feed, COPY_KEY, copy(2, 20));
            send(feed, COPY_KEY, "behind it");
            send(feed, COPY_KEY, copy(3, 30));
            send(feed, tokenKey(103), event(103, "drop", ""));
            send(feed, COPY_KEY, copy(3, 31));
            send(feed, tokenKey(104), event(104, "insert", document(4, 40)));
            feed.flush();
            try (var syncer = start("copied", database)) {
                converges(database, Map.of(OID + "3", "31", OID + "4", "40"));
                awaitLedgerAtTheEnd(database, topics, "copied.demo.posts");
                assertThat(syncer.count("cdc.syncer.dead.letters")).isEqualTo(2);
            }
        }
    }

    @Test
    @DisplayName("I5: of transactions, only markers and aborted records went: nothing was lost")
    void markersOfTransactionsAreNoRecords() throws Exception {
        var database = new Database(Servers.postgres(), "exactly");
        String topic = "exactly.demo.posts";
        try (var _ = new Feed(Servers.kafka(), topic, 1);
                var topics = new Topics(Servers.kafka());
                var connector = new TransactionalProducer(Servers.kafka())) {
            try (var syncer = start("exactly", database)) {
                connector.commit(topic, OID + 1, event(101, "insert", document(1, 10)));
                converges(database, Map.of(OID + "1", "10"));
                awaitLedgerAtTheEnd(database, topics, topic); // past the marker
                connector.abort(topic, OID + 1, event(102, "update", document(1, 11)));
                awaitLedgerAtTheEnd(database, topics, topic);
                await().atMost(LONG).until(() -> syncer.gauge("cdc.syncer.lag.records") == 0);
                syncer.stop();
            }
            long end = topics.end(topic);
            assertThat(topics.committed("group-exactly"))
                    .containsEntry(topic + "-0", Long.toString(end));
            topics.deleteRecordsBefore(topic, 0, end);
            try (var syncer = start("exactly", database)) {
                connector.commit(topic, OID + 1, event(103, "update", document(1, 12)));
                converges(database, Map.of(OID + "1", "12"));
                assertThat(syncer.hasEnded()).isFalse();
            }
        }
    }

    private static void awaitLedgerAtTheEnd(Database database, Topics topics, String topic) {
        await().atMost(LONG)
                .untilAsserted(
                        () ->
                                assertThat(database.number("select next_offset from cdc.ledger"))
                                        .isEqualTo(topics.end(topic)));
    }

    @Test
    @DisplayName("1.5, I3: a drop that is in one of several partitions only removes nothing")
    void ignoresADropThatIsNotEverywhere() throws Exception {
        var database = new Database(Servers.postgres(), "lonely");
        try (var feed = new Feed(Servers.kafka(), "lonely.demo.posts", 3);
                var syncer = start("lonely", database)) {
            for (int id = 1; id < 6; id++) {
                send(feed, OID + id, event(100 + id, "insert", document(id, id)));
            }
            send(feed, "drop", event(110, "drop", ""));
            feed.flush();
            await().atMost(LONG).until(() -> syncer.count("cdc.syncer.sweeps.ignored") == 1);
            await().atMost(LONG).until(() -> database.values("demo.posts").size() == 5);
            assertThat(syncer.hasEnded()).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"_id\": {\"_data\": \"%s\"}}",
                "{\"schema\": {\"type\": \"string\"}, \"payload\": \"{\\\"_id\\\": {\\\"_data\\\": \\\"%s\\\"}}\"}",
                "Struct{_id=Struct{_data=%s}}",
                "none"
            })
    @DisplayName("I3: without keys, or with resume tokens as keys, documents have no order: stop")
    void refusesTopicsWithoutOrder(String key) throws Exception {
        var database = new Database(Servers.postgres(), "unordered");
        String name = "unordered" + Integer.toHexString(key.hashCode());
        try (var feed = new Feed(Servers.kafka(), name + ".demo.posts", 2);
                var syncer = start(name, database)) {
            send(feed, COPY_KEY, copy(1, 9));
            for (int time = 101; time < 120; time++) { // some behind the copy
                byte[] value =
                        event(time, "insert", document(time % 10, 10))
                                .getBytes(StandardCharsets.UTF_8);
                feed.sendRaw(
                        key.equals("none")
                                ? null
                                : key.formatted(token(time)).getBytes(StandardCharsets.UTF_8),
                        value);
            }
            feed.flush();
            assertThat(syncer.failure())
                    .isInstanceOf(UnorderedTopicException.class)
                    .isInstanceOf(Explained.class)
                    .hasMessageContaining(name + ".demo.posts-")
                    .hasMessageContaining("the topic has 2 partitions");
        }
    }
}
