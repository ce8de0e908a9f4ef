package dev.cdcpipeline.watcher.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Updates;

import dev.cdcpipeline.model.ChangeEvent;
import dev.cdcpipeline.model.wire.RecordKind;

import org.bson.BsonInt32;
import org.bson.Document;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.time.Duration;
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
}
