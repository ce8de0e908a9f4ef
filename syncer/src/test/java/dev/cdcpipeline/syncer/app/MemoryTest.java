package dev.cdcpipeline.syncer.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.cdcpipeline.model.Namespace;
import dev.cdcpipeline.model.wire.WireFormat;
import dev.cdcpipeline.platform.lifecycle.ExitCode;
import dev.cdcpipeline.syncer.support.Database;
import dev.cdcpipeline.syncer.support.Events;
import dev.cdcpipeline.syncer.support.Feed;
import dev.cdcpipeline.syncer.support.RunningSyncer;
import dev.cdcpipeline.syncer.support.Servers;
import dev.cdcpipeline.syncer.support.SyncerProcess;

import org.bson.BsonArray;
import org.bson.BsonBinary;
import org.bson.BsonDecimal128;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonNull;
import org.bson.BsonRegularExpression;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.bson.types.Decimal128;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/** Real processes with the heap that {@code bin/cdc syncer} gives them by default. */
class MemoryTest {
    private static final Duration LONG = Duration.ofMinutes(4);
    private static final int MIB = 1 << 20;

    /** As in cli/src/distribution/bin/cdc. */
    private static final String[] LAUNCHER = {
        "-Xmx512m",
        "-Xmn320m",
        "-XX:SurvivorRatio=2",
        "-XX:+UseCompactObjectHeaders",
        "-XX:TieredStopAtLevel=4"
    };

    private static SyncerProcess start(String name, Database database, String... options)
            throws Exception {
        return new SyncerProcess(
                RunningSyncer.environment(Servers.kafka(), database, name + "[.].*"), options);
    }

    private static void expectRows(SyncerProcess process, Database database, int rows)
            throws Exception {
        await().atMost(LONG)
                .pollInterval(Duration.ofMillis(200))
                .until(() -> !process.isAlive() || count(database) == rows);
        assertThat(process.isAlive()).as(String.join("\n", process.logged(""))).isTrue();
        assertThat(process.terminate()).isEqualTo(ExitCode.OK.value());
        assertThat(count(database)).isEqualTo(rows);
    }

    private static long count(Database database) {
        return database.number(
                                "select count(*) from pg_tables where schemaname = 'shop' and tablename = 'orders'")
                        == 0
                ? 0
                : database.number("select count(*) from shop.orders");
    }

    @Test
    @DisplayName("case S1: A backlog that unfolds to many times its compressed bytes is applied")
    void appliesACompressedBacklog() throws Exception {
        String name = "unfolding";
        var database = new Database(Servers.postgres(), name);
        try (var feed =
                new Feed(Servers.kafka(), name + ".shop.orders", 4, WireFormat.JSON, "lz4")) {
            var events = new Events(new Namespace("shop", "orders"));
            var text = new BsonString("compressible ".repeat(3_900));
            for (int i = 0; i < 6_000; i++) {
                feed.send(
                        events.insert(
                                new BsonDocument("_id", new BsonInt32(i)).append("text", text)));
            }
            feed.flush();
            try (var process = start(name, database, LAUNCHER)) {
                expectRows(process, database, 6_000);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("case S2: The largest documents pass, eight of one partition and eight of as many")
    void appliesTheLargestDocuments(WireFormat format) throws Exception {
        String name = "largest-" + format.name().toLowerCase(Locale.ROOT);
        var database = new Database(Servers.postgres(), name.replace('-', '_'));
        try (var feed = new Feed(Servers.kafka(), name + ".shop.orders", 9, format, "lz4")) {
            var events = new Events(new Namespace("shop", "orders"));
            // As JSON, six bytes for each: more than the queue has room for.
            int length = format == WireFormat.BSON ? 15 * MIB : 6 * MIB;
            var controls = new BsonString("\u0001".repeat(length));
            int id = 0;
            for (int i = 0; i < 8; i++) {
                feed.sendTo(0, events.insert(document(id++, controls)));
            }
            for (Supplier<BsonValue> kind : kinds(format)) {
                int partition = id - 7;
                feed.sendTo(partition, events.update(document(id++, kind.get())));
            }
            try (var process = start(name, database, LAUNCHER)) {
                expectRows(process, database, 16);
            }
            assertThat(
                            database.number(
                                    "select min(length(doc ->> 'value')) from shop.orders where _id"
                                            + " < '8' and length(_id) = 1"))
                    .isEqualTo(length);
        }
    }

    private static BsonDocument document(int id, BsonValue value) {
        return new BsonDocument("_id", new BsonInt32(id)).append("value", value);
    }

    /** Eight kinds of documents of about 16 MB, or as much as the topic takes of them as JSON. */
    private static List<Supplier<BsonValue>> kinds(WireFormat format) {
        int part = format == WireFormat.BSON ? 1 : 4;
        return List.of(
                () -> new BsonString("\u00e9\\x".repeat(15 * MIB / 4)),
                () -> new BsonBinary(new byte[15 * MIB]),
                () -> many(BsonNull.VALUE, 1_400_000),
                () -> many(new BsonDocument(), 1_100_000),
                () -> many(new BsonRegularExpression("", ""), 1_300_000 / part),
                () -> many(new BsonDecimal128(Decimal128.parse("1E-6176")), 600_000),
                () -> new BsonDocument("n".repeat(15 * MIB), new BsonInt32(1)),
                () -> deep(95, new BsonString("x".repeat(15 * MIB))));
    }

    private static BsonArray many(BsonValue value, int count) {
        return new BsonArray(Collections.nCopies(count, value));
    }

    private static BsonValue deep(int levels, BsonValue inside) {
        BsonValue value = inside;
        for (int i = 0; i < levels; i++) {
            value = new BsonDocument("d", value);
        }
        return value;
    }

    @Test
    @DisplayName("case S2: A heap that is too small for one record ends the process with its code")
    void endsWithItsOwnCode() throws Exception {
        var database = new Database(Servers.postgres(), "tiny_heap");
        try (var feed =
                new Feed(Servers.kafka(), "tinyheap.shop.orders", 1, WireFormat.BSON, "lz4")) {
            var events = new Events(new Namespace("shop", "orders"));
            feed.sendTo(0, events.insert(document(1, new BsonString("x".repeat(60 * MIB)))));
            try (var process = start("tinyheap", database, "-Xmx48m")) {
                assertThat(process.exitCode()).isEqualTo(ExitCode.OUT_OF_MEMORY.value());
                assertThat(process.logged("OutOfMemoryError")).isNotEmpty();
            }
        }
    }
}
