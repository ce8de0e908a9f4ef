package dev.cdcpipeline.syncer.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.cdcpipeline.model.DocumentKey;
import dev.cdcpipeline.model.Namespace;
import dev.cdcpipeline.model.RawDocument;
import dev.cdcpipeline.model.wire.EventWriter;
import dev.cdcpipeline.model.wire.WireFormat;
import dev.cdcpipeline.platform.failure.Explained;
import dev.cdcpipeline.syncer.schema.RowKey;
import dev.cdcpipeline.syncer.support.Database;
import dev.cdcpipeline.syncer.support.Events;
import dev.cdcpipeline.syncer.support.Feed;
import dev.cdcpipeline.syncer.support.RunningSyncer;
import dev.cdcpipeline.syncer.support.Servers;

import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonInt64;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** What MongoDB takes for one {@code _id} is one row. */
class EqualIdsTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Namespace ORDERS = new Namespace("shop", "orders");

    private final Events events = new Events(ORDERS);

    private static RunningSyncer start(String name, Database database) {
        return new RunningSyncer(
                RunningSyncer.environment(Servers.kafka(), database, name + "[.].*"));
    }

    private static void awaitRows(Database database, Map<String, String> expected) {
        await().atMost(LONG)
                .untilAsserted(
                        () -> assertThat(database.values("shop.orders")).isEqualTo(expected));
    }

    private static BsonValue id(String json) {
        return Objects.requireNonNull(BsonDocument.parse("{_id: " + json + "}").get("_id"));
    }

    @ParameterizedTest(name = "case W4: a replace changes the type of the _id, then a delete ({0})")
    @EnumSource
    void aReplaceThatChangesTheTypeOfTheId(WireFormat format) {
        String name = "equal-" + format.name().toLowerCase(Locale.ROOT);
        var database = new Database(Servers.postgres(), "equal");
        try (var feed = new Feed(Servers.kafka(), name + ".shop.orders", 4, format);
                var _ = start(name, database)) {
            for (List<String> types :
                    List.of(
                            List.of("1", "{$numberLong: '1'}", "1.0", "{$numberDecimal: '1.0'}"),
                            List.of("0.5", "{$numberDecimal: '0.50'}", "0.5", "0.5"),
                            List.of("{n: 1}", "{n: {$numberLong: '1'}}", "{n: 1.0}", "{n: 1}"),
                            List.of("'s'", "{$symbol: 's'}", "'s'", "'s'"))) {
                feed.send(events.insert(Events.document(id(types.get(0)), 1)));
                feed.send(events.replace(id(types.get(0)), Events.document(id(types.get(1)), 2)));
                feed.send(events.update(Events.document(id(types.get(1)), 3)));
                feed.send(events.replace(id(types.get(1)), Events.document(id(types.get(2)), 4)));
            }
            awaitRows(
                    database, Map.of("1", "4", "$double:0.5", "4", "s", "4", rowOfDocument(), "4"));
            assertThat(database.column("select doc->>'_id' from shop.orders where _id = '1'"))
                    .as("the document keeps its _id as it is")
                    .containsExactly("1.0");

            feed.send(events.delete(id("1.0")));
            feed.send(events.delete(id("{$numberDecimal: '0.5'}")));
            feed.send(events.delete(id("{n: {$numberLong: '1'}}")));
            feed.send(events.delete(id("{$symbol: 's'}")));
            awaitRows(database, Map.of());
        }
    }

    private static String rowOfDocument() {
        BsonDocument key = BsonDocument.parse("{_id: {n: 1}}");
        return RowKey.of(DocumentKey.of(RawDocument.of(key)));
    }

    @Test
    @DisplayName("case W2: deletes in another wire format follow their inserts: no row stays")
    void deletesInAnotherWireFormatFollowTheirInserts() {
        int count = 2_000;
        var database = new Database(Servers.postgres(), "formats");
        var json = new EventWriter(WireFormat.JSON);
        var bson = new EventWriter(WireFormat.BSON);
        try (var feed = new Feed(Servers.kafka(), "formats.shop.orders", 4)) {
            for (int i = 0; i < count; i++) {
                send(feed, json, events.insert(Events.document(new BsonInt32(i), i)));
            }
            for (int i = 0; i < count; i++) {
                send(feed, bson, events.delete(new BsonInt64(i)));
            }
            send(feed, json, events.insert(Events.document(new BsonString("last"), 7)));
            feed.flush();
            try (var syncer = start("formats", database)) {
                await().atMost(LONG)
                        .until(() -> syncer.count("cdc.syncer.consumed") == 2 * count + 1);
                awaitRows(database, Map.of("last", "7"));
            }
        }
    }

    /** Without headers: what they say is in the value, too. */
    private static void send(Feed feed, EventWriter writer, Events.Event event) {
        DocumentKey key = Objects.requireNonNull(event.event().documentKey());
        feed.sendRaw(writer.key(key), writer.value(event.event()));
    }

    @Test
    @DisplayName(
            "case W4, I3: a Syncer of an older version in the group is noticed, not trusted to be"
                    + " stopped; once it has left, this one starts")
    void anOlderSyncerInTheGroupIsNoticed() throws Exception {
        var database = new Database(Servers.postgres(), "mixed");
        try (var feed = new Feed(Servers.kafka(), "mixed.shop.orders", 4)) {
            feed.send(events.insert(Events.document(new BsonInt64(1), 1)));
            feed.flush();
            try (var older = olderMember()) {
                older.subscribe(List.of(feed.topic()));
                await().atMost(LONG)
                        .until(
                                () -> {
                                    var _ = older.poll(Duration.ofMillis(100));
                                    return !older.assignment().isEmpty();
                                });
                try (var syncer = start("mixed", database)) {
                    await().atMost(LONG)
                            .until(
                                    () -> {
                                        var _ = older.poll(Duration.ofMillis(100));
                                        return syncer.hasEnded();
                                    });
                    assertThat(syncer.failure())
                            .isInstanceOf(Explained.class)
                            .hasMessageContaining("The consumer group group-mixed has members")
                            .hasMessageContaining("stop all Syncers of the group");
                }
            }
            assertThat(database.values("shop.orders")).isEmpty();
            try (var _ = start("mixed", database)) {
                awaitRows(database, Map.of("1", "1"));
            }
        }
    }

    /** As an older Syncer makes it: its client id is the group's name. */
    private static KafkaConsumer<byte[], byte[]> olderMember() {
        return new KafkaConsumer<>(
                Map.<String, Object>of(
                        "bootstrap.servers",
                        Servers.kafka().bootstrapServers(),
                        "group.id",
                        "group-mixed",
                        "client.id",
                        "group-mixed",
                        "enable.auto.commit",
                        false,
                        "partition.assignment.strategy",
                        CooperativeStickyAssignor.class.getName()),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }

    @Test
    @DisplayName(
            "case W4: a table of an older version goes on: its rows are found, and no second made")
    void aTableOfAnOlderVersionGoesOn() {
        var database = new Database(Servers.postgres(), "older");
        database.execute(
                "create schema shop",
                "create table shop.orders (_id text collate \"C\" primary key, doc jsonb not null,"
                        + " _cdc_version bigint not null)",
                "insert into shop.orders select '$long:' || n, jsonb_build_object('value', n), 1"
                        + " from generate_series(1, 3000) n",
                "insert into shop.orders values ('$decimal:1.50', '{\"value\": 0}', 1)");
        try (var feed = new Feed(Servers.kafka(), "older.shop.orders", 4);
                var _ = start("older", database)) {
            for (int i = 1; i <= 3_000; i++) {
                feed.send(events.delete(new BsonInt64(i)));
            }
            feed.send(events.update(Events.document(id("1.5"), 9)));
            awaitRows(database, Map.of("$double:1.5", "9"));
        }
    }
}
