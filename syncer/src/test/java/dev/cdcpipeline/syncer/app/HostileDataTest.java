package dev.cdcpipeline.syncer.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.cdcpipeline.model.DocumentKey;
import dev.cdcpipeline.model.Namespace;
import dev.cdcpipeline.model.RawDocument;
import dev.cdcpipeline.model.wire.EventReader;
import dev.cdcpipeline.syncer.schema.TableName;
import dev.cdcpipeline.syncer.support.Database;
import dev.cdcpipeline.syncer.support.Events;
import dev.cdcpipeline.syncer.support.Feed;
import dev.cdcpipeline.syncer.support.RunningSyncer;
import dev.cdcpipeline.syncer.support.Servers;

import org.bson.BsonArray;
import org.bson.BsonBinary;
import org.bson.BsonBoolean;
import org.bson.BsonDateTime;
import org.bson.BsonDbPointer;
import org.bson.BsonDecimal128;
import org.bson.BsonDocument;
import org.bson.BsonDouble;
import org.bson.BsonInt32;
import org.bson.BsonInt64;
import org.bson.BsonJavaScript;
import org.bson.BsonJavaScriptWithScope;
import org.bson.BsonMaxKey;
import org.bson.BsonMinKey;
import org.bson.BsonNull;
import org.bson.BsonObjectId;
import org.bson.BsonRegularExpression;
import org.bson.BsonString;
import org.bson.BsonSymbol;
import org.bson.BsonTimestamp;
import org.bson.BsonUndefined;
import org.bson.BsonValue;
import org.bson.types.Decimal128;
import org.bson.types.ObjectId;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/** What MongoDB may hold and PostgreSQL finds hard, through Kafka into real jsonb tables. */
class HostileDataTest {
    private static final Duration LONG = Duration.ofSeconds(90);

    private static RunningSyncer start(
            String name, String group, Database database, String format) {
        Map<String, String> environment =
                RunningSyncer.environment(Servers.kafka(), database, name + "[.].*");
        environment.put("SYNCER_KAFKA_GROUP", group);
        environment.put("SYNCER_DOC_FORMAT", format);
        environment.put("SYNCER_DEAD_LETTER_TOPIC", group + ".letters");
        environment.put("SYNCER_DEAD_LETTER_MAX_SHARE", "1");
        return new RunningSyncer(environment);
    }

    private static List<BsonValue> values() {
        var values = new ArrayList<BsonValue>();
        for (String text :
                List.of(
                        "",
                        "a\u0000b",
                        "\u0000",
                        "\uD800",
                        "a\uDC00b\uD83D\uDE00",
                        "\uFFFD\uFFFF\u2028",
                        "\"\\/\b\f\n\r\t\u001f\u007f",
                        "\u0001".repeat(1_000_000),
                        "x".repeat(16_000_000))) {
            values.add(new BsonString(text));
        }
        for (double number :
                new double[] {
                    Double.NaN,
                    Double.POSITIVE_INFINITY,
                    Double.NEGATIVE_INFINITY,
                    -0.0,
                    Double.MIN_VALUE,
                    Double.MAX_VALUE,
                    1e16,
                    0.1
                }) {
            values.add(new BsonDouble(number));
        }
        for (long time : new long[] {Long.MIN_VALUE, Long.MAX_VALUE, -1, 0, 253_402_300_800_000L}) {
            values.add(new BsonDateTime(time));
            values.add(new BsonInt64(time));
        }
        for (String number :
                List.of("9.999999999999999999999999999999999E+6144", "1E-6176", "-0E+3", "1.50")) {
            values.add(new BsonDecimal128(Decimal128.parse(number)));
        }
        values.add(new BsonDecimal128(Decimal128.NaN));
        values.add(new BsonDecimal128(Decimal128.NEGATIVE_INFINITY));
        values.add(new BsonBinary(new byte[2_000_000]));
        values.add(new BsonBinary((byte) 3, new byte[16]));
        values.add(new BsonBinary((byte) 4, new byte[16]));
        values.add(new BsonTimestamp(-1, -1));
        values.add(new BsonRegularExpression("a\"\\b/", "imx"));
        values.add(new BsonJavaScript("f('\u2028')"));
        values.add(new BsonJavaScriptWithScope("f()", new BsonDocument("$oid", new BsonInt32(1))));
        values.add(new BsonSymbol("s"));
        values.add(new BsonDbPointer("db.coll", new ObjectId()));
        values.add(new BsonUndefined());
        values.add(new BsonMinKey());
        values.add(new BsonMaxKey());
        values.add(BsonNull.VALUE);
        values.add(nested(98));
        values.add(fields(1_600));
        values.add(new BsonDocument("$oid", new BsonString("no ObjectId")));
        values.add(new BsonDocument("$date", new BsonDocument("$numberLong", BsonNull.VALUE)));
        values.add(new BsonDocument("", new BsonInt32(1)));
        values.add(new BsonDocument("a.b$c\"'\\ \u2028", new BsonInt32(1)));
        values.add(new BsonDocument("n".repeat(100_000), new BsonInt32(1)));
        return values;
    }

    private static BsonValue nested(int levels) {
        BsonValue value = new BsonInt32(1);
        for (int i = 0; i < levels; i++) {
            value = i % 2 == 0 ? new BsonDocument("a", value) : new BsonArray(List.of(value));
        }
        return value;
    }

    private static BsonDocument fields(int count) {
        var document = new BsonDocument();
        for (int i = 0; i < count; i++) {
            document.append("f" + i, new BsonInt32(i));
        }
        return document;
    }

    private static @Nullable RawDocument readBack(String json) {
        String event = "{\"operationType\":\"insert\",\"fullDocument\":" + json + "}";
        return new EventReader().read(event.getBytes(StandardCharsets.UTF_8)).fullDocument();
    }

    @Test
    @DisplayName("Hostile documents: all stored, with extended to the byte, none stops anything")
    void hostileDocumentsAreStored() throws Exception {
        var plain = new Database(Servers.postgres(), "hostile_plain");
        var extended = new Database(Servers.postgres(), "hostile_extended");
        List<BsonValue> values = values();
        try (var feed = new Feed(Servers.kafka(), "hostile.shop.things", 2);
                var one = start("hostile", "hostile-plain", plain, "plain");
                var two = start("hostile", "hostile-extended", extended, "extended")) {
            var events = new Events(new Namespace("shop", "things"));
            var documents = new ArrayList<BsonDocument>();
            for (int i = 0; i < values.size(); i++) {
                var document = new BsonDocument("_id", new BsonInt32(i));
                documents.add(document.append("value", values.get(i)));
                feed.send(events.insert(document));
            }
            feed.flush();
            for (Database database : List.of(plain, extended)) {
                await().atMost(LONG)
                        .until(() -> database.values("shop.things").size() == values.size());
            }
            assertThat(one.count("cdc.syncer.dead.letters")).isZero();
            assertThat(two.count("cdc.syncer.dead.letters")).isZero();

            Map<String, String> stored = extended.map("select _id, doc::text from shop.things");
            for (int i = 0; i < values.size(); i++) {
                String json = String.valueOf(stored.get(Integer.toString(i)));
                boolean same = RawDocument.of(documents.get(i)).equals(readBack(json));
                assertThat(same) // the documents are too long to be shown
                        .as("document %d of %s", i, values.get(i).getBsonType())
                        .isTrue();
            }
        }
    }

    @Test
    @DisplayName("Ids of every BSON type: each its own row, changed and deleted under its own key")
    void idsOfEveryTypeAreRows() throws Exception {
        var database = new Database(Servers.postgres(), "ids");
        var ids = new ArrayList<>(values());
        ids.removeIf(id -> id.isString() && id.asString().getValue().length() > 10_000_000);
        ids.addAll(
                List.of(
                        new BsonObjectId(new ObjectId("65f1a2b3c4d5e6f708192a3b")),
                        new BsonString("65f1a2b3c4d5e6f708192a3b"),
                        new BsonInt32(42),
                        new BsonInt64(5_000_000_000L),
                        new BsonDouble(42.5),
                        new BsonString("42"),
                        BsonBoolean.TRUE,
                        new BsonString("k".repeat(2_000)),
                        new BsonString("k".repeat(2_001))));
        // Of those that MongoDB takes for one _id a collection has only one.
        var keys = new HashSet<DocumentKey>();
        ids.removeIf(id -> !keys.add(key(id)));
        try (var feed = new Feed(Servers.kafka(), "ids.shop.things", 2);
                var syncer = start("ids", "ids", database, "plain")) {
            var events = new Events(new Namespace("shop", "things"));
            for (int i = 0; i < ids.size(); i++) {
                feed.send(events.insert(Events.document(ids.get(i), i)));
            }
            feed.flush();
            await().atMost(LONG).until(() -> database.values("shop.things").size() == ids.size());
            for (int i = 0; i < ids.size(); i++) {
                feed.send(
                        i % 2 == 0
                                ? events.delete(ids.get(i))
                                : events.update(Events.document(ids.get(i), -i)));
            }
            feed.flush();
            await().atMost(LONG)
                    .until(() -> database.values("shop.things").size() == ids.size() / 2);
            assertThat(
                            database.number(
                                    "select count(*) from shop.things where doc->>'value' > '0'"))
                    .isZero();
            assertThat(syncer.count("cdc.syncer.dead.letters")).isZero();
        }
    }

    private static DocumentKey key(BsonValue id) {
        return DocumentKey.of(RawDocument.of(new BsonDocument("_id", id))).canonical();
    }

    @Test
    @DisplayName("Names with quotes, of over 63 bytes, and such as PostgreSQL keeps to itself")
    void namesOfAnyKindAreTables() throws Exception {
        var database = new Database(Servers.postgres(), "names");
        List<Namespace> namespaces =
                List.of(
                        new Namespace("sh\"op", "we\"ird 'name'; drop table x --"),
                        new Namespace("shop", "c".repeat(100) + "1"),
                        new Namespace("shop", "c".repeat(100) + "2"),
                        new Namespace("shop", "a.b.c"),
                        new Namespace("Shop", "select"),
                        new Namespace("d".repeat(63), "\u00e4\u20ac".repeat(30)),
                        new Namespace("pg_own", "things"));
        try (var feed = new Feed(Servers.kafka(), "names.all", 2);
                var syncer = start("names", "names", database, "plain")) {
            for (int i = 0; i < namespaces.size(); i++) {
                var events = new Events(namespaces.get(i));
                for (int earlier = 0; earlier < i; earlier++) {
                    events.drop(); // not sent: positions must differ, as in one stream
                }
                feed.send(events.insert(Events.document(new BsonString("k" + i), i)));
            }
            feed.flush();
            await().ignoreExceptions() // until the ledger is made
                    .atMost(LONG)
                    .until(
                            () ->
                                    database.number("select sum(next_offset) from cdc.ledger")
                                            == namespaces.size());
            for (int i = 0; i < namespaces.size(); i++) {
                Namespace namespace = namespaces.get(i);
                var table = new TableName(namespace.database(), namespace.collection());
                assertThat(database.column("select _id from " + table.quoted()))
                        .as(namespace.toString())
                        .containsExactly("k" + i);
            }
            assertThat(syncer.count("cdc.syncer.dead.letters")).isZero();
        }
    }

    @Test
    @DisplayName("I6: whatever stands in a record, it is applied, ignored or set aside")
    void noRecordStopsTheService() throws Exception {
        var database = new Database(Servers.postgres(), "garbage");
        String insert = "{\"operationType\":\"insert\",\"ns\":{\"db\":\"%s\",\"coll\":\"%s\"},";
        String rest = "\"documentKey\":{\"_id\":1},\"fullDocument\":{\"_id\":1}}";
        List<String> bad =
                List.of(
                        "",
                        "{",
                        "{}",
                        "[]",
                        "null",
                        "\u0005\u0000\u0000\u0000",
                        "\u0006\u0000\u0000\u0000\u0001\u0001",
                        "{\"a\":".repeat(5_000),
                        "{\"operationType\":7}",
                        "{\"operationType\":\"insert\"}",
                        insert.formatted("", "c") + rest,
                        insert.formatted("a.b", "c") + rest,
                        insert.formatted("a", "") + rest,
                        insert.formatted("a", "c") + "\"documentKey\":{},\"fullDocument\":{}}",
                        insert.formatted("a", "c") + "\"documentKey\":{\"_id\":1e999999}}",
                        insert.formatted("a", "c") + "\"documentKey\":{\"_id\":1}}",
                        "{\"operationType\":\"update\",\"ns\":{\"db\":\"a\",\"coll\":\"c\"},"
                                + "\"documentKey\":{\"_id\":1}}",
                        "{\"_id\":{\"_data\":\"zz\"},\"operationType\":\"delete\","
                                + "\"ns\":{\"db\":\"a\",\"coll\":\"c\"},\"documentKey\":{\"_id\":1}}",
                        "{\"clusterTime\":{\"$timestamp\":{\"t\":1,\"i\":4294967295}},"
                                + insert.formatted("a", "c").substring(1)
                                + rest);
        try (var feed = new Feed(Servers.kafka(), "garbage.shop.orders", 1);
                var syncer = start("garbage", "garbage", database, "plain")) {
            for (String value : bad) {
                feed.sendRaw(new byte[] {-1}, value.getBytes(StandardCharsets.ISO_8859_1));
            }
            var events = new Events(new Namespace("shop", "orders"));
            feed.send(events.insert(Events.document(new BsonString("good"), 1)));
            feed.flush();
            await().atMost(LONG)
                    .untilAsserted(
                            () ->
                                    assertThat(database.values("shop.orders"))
                                            .isEqualTo(Map.of("good", "1")));
            assertThat(syncer.hasEnded()).isFalse();
            assertThat(syncer.count("cdc.syncer.dead.letters")).isEqualTo(bad.size());
        }
    }
}
