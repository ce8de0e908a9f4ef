package dev.cdcpipeline.watcher.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Updates;

import dev.cdcpipeline.model.ChangeEvent;
import dev.cdcpipeline.model.Position;
import dev.cdcpipeline.model.wire.RecordKind;
import dev.cdcpipeline.watcher.checkpoint.Checkpoint;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Timer;

import org.bson.BsonInt32;
import org.bson.BsonTimestamp;
import org.bson.Document;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

class WatcherTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    @RegisterExtension private static final Servers servers = new Servers();

    private final String database = servers.mongo.newDatabase();

    @TempDir private Path folder;

    private RunningWatcher start(String... more) {
        return RunningWatcher.startReady(servers.environment(database, folder, more));
    }

    private MongoCollection<Document> orders() {
        return servers.collection(database, "orders");
    }

    private List<ChangeEvent> awaitPublished(int count) {
        List<ChangeEvent> events = new ArrayList<>();
        await().atMost(PATIENCE)
                .ignoreExceptions()
                .untilAsserted(
                        () -> {
                            events.clear();
                            servers.published(database, "orders")
                                    .forEach(p -> events.add(p.event()));
                            assertThat(events).hasSizeGreaterThanOrEqualTo(count);
                        });
        return events;
    }

    @ParameterizedTest
    @ValueSource(strings = {"server", "batched"})
    @DisplayName(
            "1.1, 1.3: inserts, updates, replaces and deletes arrive with their documents, once, in order")
    void publishesEveryKindOfChange(String postImage) throws Exception {
        try (RunningWatcher watcher = start("WATCHER_POST_IMAGE", postImage)) {
            orders().insertOne(new Document("_id", 1).append("a", 1));
            awaitPublished(1);
            orders().updateOne(Filters.eq(1), Updates.set("a", 2));
            awaitPublished(2);
            orders().replaceOne(Filters.eq(1), new Document("b", 3));
            orders().deleteOne(Filters.eq(1));
            awaitPublished(4);
            watcher.stop();
        }
        List<Topic.Published> records = servers.published(database, "orders");
        assertThat(records)
                .extracting(r -> r.event().operationName())
                .containsExactly("insert", "update", "replace", "delete");
        assertThat(records)
                .allSatisfy(r -> assertThat(r.headers().kind()).isEqualTo(RecordKind.CHANGE));
        assertThat(records)
                .extracting(r -> Objects.requireNonNull(r.headers().position()))
                .isSorted();
        ChangeEvent update = records.get(1).event();
        assertThat(Objects.requireNonNull(update.fullDocument()).get("a"))
                .isEqualTo(new BsonInt32(2));
        assertThat(update.updateDescription()).isNotNull();
    }

    @Test
    @DisplayName(
            "2.3: a first start from now misses nothing that is written once it is ready, however it ends")
    void savesWhereItStartedBeforeItIsReady() throws Exception {
        RunningWatcher first = start();
        first.kill();
        orders().insertOne(new Document("_id", 1));
        try (RunningWatcher second = start()) {
            awaitPublished(1);
            second.awaitCount("cdc.watcher.captured", 1);
        }
    }

    @Test
    @DisplayName(
            "9.4 Property 20: a stop confirms what is in flight and saves its token; the next start repeats nothing")
    void aStopLeavesNothingToRepeat() throws Exception {
        List<Document> documents = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            documents.add(new Document("_id", i).append("text", "x".repeat(100)));
        }
        RunningWatcher first = start();
        orders().insertMany(documents);
        await().atMost(PATIENCE).until(() -> first.count("cdc.watcher.captured") > 0);
        first.close();
        int published = servers.published(database, "orders").size();
        try (RunningWatcher second = start()) {
            awaitPublished(documents.size());
            second.stop();
            assertThat(servers.published(database, "orders")).hasSize(documents.size());
            assertThat(second.count("cdc.watcher.published"))
                    .isEqualTo(documents.size() - published);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @DisplayName(
            "2.3: a first start begins where it is told to: at a cluster time, or at an instant")
    void beginsAtTheConfiguredTime(boolean instant) throws Exception {
        var time =
                servers.client
                        .getDatabase("admin")
                        .runCommand(new Document("ping", 1))
                        .get("operationTime", BsonTimestamp.class);
        orders().insertOne(new Document("_id", 1));
        String start =
                instant
                        ? Instant.ofEpochSecond(time.getTime()).toString()
                        : time.getTime() + ":" + (time.getInc() + 1);
        try (RunningWatcher watcher = start("WATCHER_START", start)) {
            assertThat(awaitPublished(1).getFirst().operationName()).isEqualTo("insert");
            watcher.awaitCount("cdc.watcher.published", 1);
        }
    }

    @Test
    @DisplayName(
            "2.6: where nothing of the scope changes, the saved position moves on with the rest of MongoDB")
    void movesThePositionOfAnIdleStream() throws Exception {
        try (RunningWatcher watcher = start("WATCHER_SCOPE_INCLUDE", database + ".orders")) {
            await().atMost(PATIENCE).until(() -> Files.exists(folder.resolve("checkpoint")));
            Position before = saved();
            servers.collection(database, "others").insertOne(new Document("_id", 1));
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(saved()).isGreaterThan(before));
            assertThat(watcher.count("cdc.watcher.captured")).isZero();
        }
    }

    private Position saved() throws IOException {
        String file = Files.readString(folder.resolve("checkpoint"));
        String json = file.substring(file.indexOf('\n') + 1);
        return Checkpoint.fromJson(json.getBytes(StandardCharsets.UTF_8)).position();
    }

    @Test
    @DisplayName(
            "14.1: events and bytes by collection and operation, latency, what is in flight, age, lag, headroom")
    void measuresWhatItDoes() throws Exception {
        try (RunningWatcher watcher = start()) {
            orders().insertOne(new Document("_id", 1));
            orders().updateOne(Filters.eq(1), Updates.set("a", 1));
            watcher.awaitCount("cdc.watcher.published", 2);
            for (String name : List.of("cdc.watcher.events", "cdc.watcher.published.bytes")) {
                assertThat(watcher.meters())
                        .extracting(Meter::getId)
                        .filteredOn(id -> id.getName().equals(name))
                        .extracting(id -> id.getTag("namespace") + " " + id.getTag("operation"))
                        .containsExactlyInAnyOrder(
                                database + ".orders insert", database + ".orders update");
            }
            assertThat(watcher.count("cdc.watcher.captured.bytes")).isPositive();
            assertThat(watcher.meters())
                    .filteredOn(
                            meter -> meter.getId().getName().equals("cdc.watcher.publish.latency"))
                    .allSatisfy(timer -> assertThat(((Timer) timer).count()).isPositive())
                    .hasSize(1);
            await().atMost(PATIENCE)
                    .untilAsserted(
                            () -> {
                                assertThat(watcher.gauge("cdc.watcher.in.flight.events")).isZero();
                                assertThat(watcher.gauge("cdc.watcher.in.flight.bytes")).isZero();
                                assertThat(watcher.gauge("cdc.watcher.lag.seconds"))
                                        .isBetween(0.0, 60.0);
                                assertThat(watcher.gauge("cdc.watcher.durable.age.seconds"))
                                        .isBetween(-1.0, 60.0);
                                assertThat(watcher.gauge("cdc.watcher.oplog.headroom.seconds"))
                                        .isNotNegative();
                                assertThat(watcher.count("cdc.watcher.checkpoint.saves"))
                                        .isPositive();
                            });
        }
    }
}
