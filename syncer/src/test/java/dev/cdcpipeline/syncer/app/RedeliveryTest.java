package dev.cdcpipeline.syncer.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.cdcpipeline.embedded.KafkaBroker;
import dev.cdcpipeline.model.Namespace;
import dev.cdcpipeline.model.Position;
import dev.cdcpipeline.model.wire.RecordHeaders;
import dev.cdcpipeline.model.wire.StreamId;
import dev.cdcpipeline.syncer.support.AppliedVersions;
import dev.cdcpipeline.syncer.support.Database;
import dev.cdcpipeline.syncer.support.Events;
import dev.cdcpipeline.syncer.support.Letters;
import dev.cdcpipeline.syncer.support.LogWriter;
import dev.cdcpipeline.syncer.support.RunningSyncer;
import dev.cdcpipeline.syncer.support.Servers;
import dev.cdcpipeline.syncer.support.Topics;

import org.bson.BsonInt32;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** I1, I3: what is in the log more than once, and what is not any more; decision 10. */
class RedeliveryTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final int COUNT = 100;

    private final Events events = new Events(new Namespace("shop", "orders"));

    private Events.Event insert(int id, int value) {
        return events.insert(Events.document(new BsonInt32(id), value));
    }

    private List<Events.Event> inserts(int count) {
        var inserts = new ArrayList<Events.Event>();
        for (int id = 0; id < count; id++) {
            inserts.add(insert(id, id));
        }
        return inserts;
    }

    private static Map<String, String> rows(int from, int to) {
        var rows = new TreeMap<String, String>();
        for (int id = from; id < to; id++) {
            rows.put(Integer.toString(id), Integer.toString(id));
        }
        return rows;
    }

    private static RunningSyncer start(KafkaBroker broker, String name, Database database) {
        return new RunningSyncer(RunningSyncer.environment(broker, database, name + "[.].*"));
    }

    private static void converges(Database database, Map<String, String> expected) {
        await().atMost(LONG)
                .untilAsserted(
                        () -> assertThat(database.values("shop.orders")).isEqualTo(expected));
    }

    /** The headers of an event in another generation, or of another stream. */
    private static RecordHeaders headers(
            Events.Event event, long generation, @Nullable StreamId stream) {
        RecordHeaders its = event.headers();
        Position position = Objects.requireNonNull(its.position());
        return new RecordHeaders(
                new Position(generation, position.token()), its.version(), its.kind(), stream);
    }

    @Test
    @DisplayName(
            "case W3: a stretch is published twice across a segment boundary, the cleaner removes"
                    + " first copies, a new group reads: all rows")
    void compactionTakesFirstCopies() throws Exception {
        var database = new Database(Servers.postgres(), "compacted");
        String topic = "compacted.shop.orders";
        try (var broker = KafkaBroker.start(Map.of("log.cleaner.backoff.ms", "100"));
                var log =
                        new LogWriter(
                                broker,
                                topic,
                                1,
                                Map.of(
                                        "cleanup.policy", "compact",
                                        "segment.ms", "1000",
                                        "min.cleanable.dirty.ratio", "0.001"))) {
            List<Events.Event> inserts = inserts(COUNT);
            long start = System.currentTimeMillis() - 100_000;
            for (Events.Event each : inserts) {
                log.writeAt(start, each);
            }
            for (Events.Event each : inserts.subList(0, COUNT - 1)) {
                log.writeAt(start + 10_000, each);
            }
            // The second copy of the last one is in the segment that is not cleaned yet.
            log.writeAt(start + 20_000, inserts.getLast());
            await().atMost(LONG).until(() -> log.offsets().getFirst() == COUNT - 1);
            assertThat(log.offsets()).hasSize(COUNT + 1);

            try (var syncer = start(broker, "compacted", database)) {
                converges(database, rows(0, COUNT));
                assertThat(syncer.hasEnded()).isFalse();
            }
        }
    }

    @Test
    @DisplayName(
            "case W3: retention cuts within a stretch that is published again, a new group reads:"
                    + " all that the log has; and what was surely applied is skipped")
    void retentionCutsWithinARepetition() throws Exception {
        var database = new Database(Servers.postgres(), "retained");
        String topic = "retained.shop.orders";
        try (var log = new LogWriter(Servers.kafka(), topic, 1, Map.of());
                var topics = new Topics(Servers.kafka())) {
            List<Events.Event> inserts = inserts(COUNT);
            inserts.forEach(each -> log.write(0, each));
            inserts.subList(40, COUNT).forEach(each -> log.write(0, each));
            topics.deleteRecordsBefore(topic, 0, 60);
            var versions = new AppliedVersions(database, "shop", "orders");
            try (var syncer = start(Servers.kafka(), "retained", database)) {
                converges(database, rows(40, COUNT));
                inserts.subList(90, COUNT).forEach(each -> log.write(0, each));
                log.write(0, insert(COUNT, COUNT));
                inserts.subList(90, COUNT).forEach(each -> log.write(0, each));
                log.write(0, insert(COUNT + 1, COUNT + 1));
                converges(database, rows(40, COUNT + 2));
                assertThat(syncer.count("cdc.syncer.consumed")).isEqualTo(COUNT + 22);
            }
            versions.assertNothingTwice();
        }
    }

    @Test
    @DisplayName("I2: what a Watcher publishes twice is skipped, and counted")
    void repetitionsAreSkipped() throws Exception {
        var database = new Database(Servers.postgres(), "twice");
        try (var log = new LogWriter(Servers.kafka(), "twice.shop.orders", 1, Map.of());
                var syncer = start(Servers.kafka(), "twice", database)) {
            List<Events.Event> inserts = inserts(COUNT);
            inserts.forEach(each -> log.write(0, each));
            inserts.subList(30, COUNT).forEach(each -> log.write(0, each));
            log.write(0, insert(COUNT, COUNT));
            converges(database, rows(0, COUNT + 1));
            assertThat(syncer.count("cdc.syncer.redelivered")).isEqualTo(70);
            assertThat(syncer.count("cdc.syncer.stale")).isZero();
            assertThat(database.number("select count(since) from cdc.ledger")).isEqualTo(1);
        }
    }

    @Test
    @DisplayName(
            "case W8: a generation falls back, in its stream and in that of another checkpoint:"
                    + " nothing is left out, and no deleted row comes back")
    void aGenerationFallsBack() throws Exception {
        var database = new Database(Servers.postgres(), "generation");
        try (var log = new LogWriter(Servers.kafka(), "generation.shop.orders", 1, Map.of());
                var syncer = start(Servers.kafka(), "generation", database)) {
            StreamId own = new StreamId(1);
            Events.Event gone = insert(0, 0);
            log.write(0, gone, headers(gone, 2, own));
            Events.Event deleted = events.delete(new BsonInt32(0));
            log.write(0, deleted, headers(deleted, 2, own));
            Events.Event first = insert(1, 1);
            log.write(0, first, headers(first, 2, own));
            Events.Event lower = insert(2, 2);
            log.write(0, lower, headers(lower, 0, own));
            Events.Event other = insert(3, 3);
            log.write(0, gone, headers(gone, 0, new StreamId(2)));
            log.write(0, other, headers(other, 0, new StreamId(2)));
            Events.Event unnamed = insert(4, 4);
            log.write(0, gone, headers(gone, 0, null));
            log.write(0, unnamed, headers(unnamed, 0, null));
            converges(database, rows(1, 5));
            assertThat(syncer.count("cdc.syncer.redelivered")).isZero();
            assertThat(syncer.count("cdc.syncer.dead.letters")).isZero();
        }
    }

    @Test
    @DisplayName(
            "case S9: dead letters are put back after their cause was mended: applied where nothing"
                    + " newer is there, and no row comes back or goes back")
    void lettersArePutBack() throws Exception {
        var database = new Database(Servers.postgres(), "back");
        database.execute(
                "create schema shop",
                "create table shop.orders (_id text primary key, doc jsonb not null constraint"
                        + " refused check (doc->>'value' <> '500'), _cdc_version bigint not null)");
        var environment = RunningSyncer.environment(Servers.kafka(), database, "back[.].*");
        environment.put("SYNCER_DEAD_LETTER_TOPIC", "letters-of-back");
        environment.put("SYNCER_DEAD_LETTER_MAX_SHARE", "1");
        try (var log = new LogWriter(Servers.kafka(), "back.shop.orders", 1, Map.of());
                var syncer = new RunningSyncer(environment)) {
            log.write(0, insert(1, 1));
            log.write(0, insert(2, 500));
            log.write(0, insert(3, 500));
            log.write(0, insert(4, 500));
            await().atMost(LONG).until(() -> syncer.count("cdc.syncer.dead.letters") == 3);
            log.write(0, events.delete(new BsonInt32(3)));
            log.write(0, events.update(Events.document(new BsonInt32(4), 8)));
            converges(database, Map.of("1", "1", "4", "8"));

            database.execute("alter table shop.orders drop constraint refused");
            Letters.read(Servers.kafka(), "letters-of-back", 3)
                    .forEach(letter -> log.putBack(letter.record()));

            converges(database, Map.of("1", "1", "2", "500", "4", "8"));
            await().atMost(LONG).until(() -> syncer.count("cdc.syncer.consumed") == 9);
            log.write(0, insert(5, 5));
            converges(database, Map.of("1", "1", "2", "500", "4", "8", "5", "5"));
            assertThat(syncer.count("cdc.syncer.redelivered")).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @DisplayName(
            "case W2: records of the old key form and new ones of a document in two partitions,"
                    + " whichever comes first: the right table")
    void aDocumentInTwoPartitions(boolean newFormFirst) throws Exception {
        String name = newFormFirst ? "newfirst" : "oldfirst";
        var database = new Database(Servers.postgres(), name);
        List<Events.Event> inserts = inserts(COUNT);
        List<Events.Event> later = new ArrayList<>();
        for (int id = 0; id < 50; id++) {
            later.add(events.delete(new BsonInt32(id)));
        }
        later.add(insert(0, 1_000)); // deleted, and there again
        try (var log = new LogWriter(Servers.kafka(), name + ".shop.orders", 2, Map.of());
                var _ = start(Servers.kafka(), name, database)) {
            for (boolean newForm : List.of(newFormFirst, !newFormFirst)) {
                if (newForm) {
                    later.forEach(each -> log.write(1, each));
                } else {
                    inserts.forEach(each -> log.write(0, each, headers(each, 0, null)));
                }
                awaitLedger(database, newForm ? 1 : 0, newForm ? later.size() : COUNT);
            }
            Map<String, String> expected = rows(50, COUNT);
            expected.put("0", "1000");
            converges(database, expected);
        }
    }

    private static void awaitLedger(Database database, int partition, int nextOffset) {
        String ledger = "select partition::text, next_offset::text from cdc.ledger";
        await().atMost(LONG)
                .untilAsserted(
                        () ->
                                assertThat(database.map(ledger))
                                        .containsEntry(
                                                Integer.toString(partition),
                                                Integer.toString(nextOffset)));
    }
}
