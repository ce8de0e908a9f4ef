package dev.cdcpipeline.syncer.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.cdcpipeline.embedded.KafkaBroker;
import dev.cdcpipeline.model.Namespace;
import dev.cdcpipeline.platform.health.HealthReport;
import dev.cdcpipeline.platform.health.State;
import dev.cdcpipeline.syncer.deadletter.TooManyDeadLettersException;
import dev.cdcpipeline.syncer.support.Database;
import dev.cdcpipeline.syncer.support.Events;
import dev.cdcpipeline.syncer.support.Feed;
import dev.cdcpipeline.syncer.support.Letters;
import dev.cdcpipeline.syncer.support.RunningSyncer;
import dev.cdcpipeline.syncer.support.Servers;
import dev.cdcpipeline.syncer.support.Topics;
import dev.cdcpipeline.syncer.support.UnansweredApproval;

import org.bson.BsonInt32;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** I6: what cannot be applied is kept with its origin and cause, and harms nothing else. */
class DeadLetterTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final byte[] KEY = "k".getBytes(StandardCharsets.UTF_8);

    private final Events events = new Events(new Namespace("shop", "orders"));
    private final Map<String, String> expected = new HashMap<>();

    /** A table that refuses one value. */
    private static Database database(String name, String refusedValue) {
        var database = new Database(Servers.postgres(), name);
        database.execute(
                "create schema shop",
                "create table shop.orders (_id text primary key, doc jsonb not null"
                        + " check (doc->>'value' not like '%s'), _cdc_version bigint not null)"
                                .formatted(refusedValue));
        return database;
    }

    private static Map<String, String> environment(
            KafkaBroker broker, String name, Database database) {
        var environment = RunningSyncer.environment(broker, database, name + "[.].*");
        environment.put("SYNCER_DEAD_LETTER_TOPIC", name + ".letters");
        return environment;
    }

    private void insert(Feed feed, int from, int to, int refused) {
        for (int i = from; i < to; i++) {
            feed.send(events.insert(Events.document(new BsonInt32(i), i)));
            if (i != refused) {
                expected.put(Integer.toString(i), Integer.toString(i));
            }
        }
        feed.flush();
    }

    private void converges(Database database) {
        await().atMost(LONG)
                .untilAsserted(
                        () -> assertThat(database.values("shop.orders")).isEqualTo(expected));
    }

    @Test
    @DisplayName("4.4, I6, Property 10: bad records go to the dead letters, their neighbours on")
    void badRecordsHarmOnlyThemselves() throws Exception {
        Database database = database("bad", "500");
        Instant start = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        try (var feed = new Feed(Servers.kafka(), "bad.shop.orders", 3);
                var topics = new Topics(Servers.kafka())) {
            topics.create("bad.letters", 1 << 20); // it matches the pattern, and is left out
            insert(feed, 0, 1_000, 500);
            feed.sendRaw(KEY, new byte[] {1, 2, 3});
            feed.flush();
            try (var syncer = new RunningSyncer(environment(Servers.kafka(), "bad", database))) {
                converges(database);
                await().atMost(LONG).until(() -> syncer.count("cdc.syncer.dead.letters") == 2);
                insert(feed, 1_000, 1_010, -1);
                converges(database);
                await().atMost(LONG).until(() -> syncer.count("cdc.syncer.consumed") == 1_011);
            }
            assertThat(topics.end("bad.letters")).isEqualTo(2);
        }
        List<Letters.Letter> letters = Letters.read(Servers.kafka(), "bad.letters", 2);
        assertThat(letters)
                .allSatisfy(
                        letter -> {
                            assertThat(letter.header("cdc.dlq.topic")).isEqualTo("bad.shop.orders");
                            assertThat(letter.header("cdc.dlq.partition")).matches("[012]");
                            assertThat(letter.header("cdc.dlq.offset")).matches("\\d+");
                            assertThat(letter.header("cdc.dlq.stack-hash")).matches("[0-9a-f]+");
                            assertThat(Instant.parse(letter.header("cdc.dlq.time")))
                                    .isBefore(Instant.now());
                            assertThat(Instant.parse(letter.header("cdc.dlq.timestamp")))
                                    .isBetween(start, Instant.parse(letter.header("cdc.dlq.time")));
                            assertThat(letter.header("cdc.dlq.attempt")).matches("\\d+");
                        })
                .anySatisfy(
                        letter -> {
                            assertThat(letter.header("cdc.dlq.sqlstate")).isEqualTo("23514");
                            assertThat(letter.header("cdc.dlq.cause"))
                                    .contains("23514")
                                    .doesNotContain("500");
                            assertThat(letter.header("cdc.kind")).isEqualTo("change");
                            assertThat(new String(letter.record().key(), StandardCharsets.UTF_8))
                                    .isEqualTo("{\"_id\":500}");
                            assertThat(letter.text()).contains("\"value\":500");
                            assertThat(Integer.parseInt(letter.header("cdc.dlq.attempt")))
                                    .isBetween(1, 12);
                        })
                .anySatisfy(
                        letter -> {
                            assertThat(letter.header("cdc.dlq.cause")).contains("MalformedMessage");
                            assertThat(letter.header("cdc.dlq.sqlstate")).isEmpty();
                            assertThat(letter.record().value()).isEqualTo(new byte[] {1, 2, 3});
                        });
    }

    @Test
    @DisplayName(
            "I6: a record that the dead-letter topic does not take is told of by a small letter")
    void aLetterThatIsTooLargeBecomesANotice() throws Exception {
        Database database = database("large", "none");
        byte[] large = new byte[100_000];
        new Random(1).nextBytes(large);
        try (var feed = new Feed(Servers.kafka(), "large.shop.orders", 1);
                var topics = new Topics(Servers.kafka())) {
            topics.create("large.letters", 20_000);
            insert(feed, 0, 10, -1);
            feed.sendRaw(KEY, large);
            insert(feed, 10, 20, -1);
            try (var syncer = new RunningSyncer(environment(Servers.kafka(), "large", database))) {
                converges(database);
                assertThat(syncer.hasEnded()).isFalse();
            }
        }
        Letters.Letter letter = Letters.read(Servers.kafka(), "large.letters", 1).getFirst();
        assertThat(letter.record().key()).isEqualTo(KEY);
        assertThat(letter.header("cdc.dlq.left-out")).isEqualTo("100000");
        assertThat(letter.header("cdc.dlq.offset")).isEqualTo("10");
        assertThat(letter.text())
                .contains("\"topic\": \"large.shop.orders\", \"partition\": 0, \"offset\": 10")
                .contains("\"valueBytes\": 100000")
                .contains("MalformedMessage");
    }

    @Test
    @DisplayName("I1, I6: while Kafka does not take the letter, the ledger stays before the record")
    void theLedgerWaitsForTheLetter() throws Exception {
        Database database = database("waits", "5");
        try (var broker = KafkaBroker.start();
                var feed = new Feed(broker, "waits.shop.orders", 1);
                var lock = database.connect();
                var syncer = new RunningSyncer(environment(broker, "waits", database))) {
            lock.setAutoCommit(false);
            lock.createStatement().execute("lock table shop.orders in access exclusive mode");
            insert(feed, 0, 10, 5);
            await().atMost(LONG)
                    .until(
                            () ->
                                    database.number(
                                                    "select count(*) from pg_stat_activity"
                                                            + " where wait_event_type = 'Lock'")
                                            > 0);

            broker.stop();
            lock.commit();
            await().atMost(LONG).until(() -> database.values("shop.orders").size() == 5);
            await().during(Duration.ofSeconds(1))
                    .atMost(LONG)
                    .until(() -> database.number("select next_offset from cdc.ledger") == 5);

            broker.restart();
            converges(database);
            await().atMost(LONG)
                    .until(() -> database.number("select next_offset from cdc.ledger") == 10);
            assertThat(Letters.read(broker, "waits.letters", 1))
                    .anySatisfy(
                            letter -> assertThat(letter.header("cdc.dlq.offset")).isEqualTo("5"));
            assertThat(syncer.hasEnded()).isFalse();
        }
    }

    /** Why a broker does not make the letters' topic, now; by the settings that make it so. */
    static List<Map<String, String>> reasonsNotToMakeATopic() {
        return List.of(
                UnansweredApproval.setting(),
                Map.of("default.replication.factor", "2")); // as while a cluster is restarted
    }

    @ParameterizedTest
    @MethodSource("reasonsNotToMakeATopic")
    @DisplayName(
            "14.2, I6: where no letter can be written, health says so of the dead letters and nothing else")
    void healthTellsOfLettersThatCannotBeWritten(Map<String, String> setting) throws Exception {
        Database database = database("unwritten", "5");
        try (var broker = KafkaBroker.start(setting);
                var topics = new Topics(broker);
                var feed = new Feed(broker, "unwritten.shop.orders", 1);
                var syncer = new RunningSyncer(environment(broker, "unwritten", database))) {
            await().atMost(LONG).until(() -> syncer.health().report().ready());
            insert(feed, 0, 10, 5);
            await().atMost(LONG).until(() -> !notUp(syncer).isEmpty());
            await().during(Duration.ofSeconds(1))
                    .atMost(LONG)
                    .untilAsserted(
                            () -> {
                                assertThat(notUp(syncer)).containsExactly("dead-letters");
                                assertThat(syncer.health().report().toJson())
                                        .contains("writing dead letters failed");
                            });

            topics.create("unwritten.letters", 1 << 20); // by somebody who need not ask
            converges(database);
            await().atMost(LONG).until(() -> syncer.health().report().ready());
            assertThat(topics.end("unwritten.letters")).isEqualTo(1);
            assertThat(syncer.hasEnded()).isFalse();
        }
    }

    private static List<String> notUp(RunningSyncer syncer) {
        return syncer.health().report().components().stream()
                .filter(each -> each.state() != State.UP)
                .map(HealthReport.ComponentStatus::name)
                .toList();
    }

    @Test
    @DisplayName("I6: where more than a tenth of the records is refused, the service stops")
    void tooManyLettersStopTheService() throws Exception {
        Database database = database("many", "%");
        var environment = environment(Servers.kafka(), "many", database);
        environment.put("SYNCER_DEAD_LETTER_WINDOW", "100");
        try (var feed = new Feed(Servers.kafka(), "many.shop.orders", 1);
                var topics = new Topics(Servers.kafka());
                var syncer = new RunningSyncer(environment)) {
            insert(feed, 0, 100, -1);
            assertThat(syncer.failure())
                    .isInstanceOf(TooManyDeadLettersException.class)
                    .hasMessageContaining("11 of the last 11 records");
            assertThat(topics.end("many.letters")).isEqualTo(10);
            assertThat(database.number("select next_offset from cdc.ledger")).isEqualTo(10);
        }
    }
}
