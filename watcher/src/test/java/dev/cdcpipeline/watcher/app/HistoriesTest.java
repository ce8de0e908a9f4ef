package dev.cdcpipeline.watcher.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.mongodb.client.model.ChangeStreamPreAndPostImagesOptions;
import com.mongodb.client.model.CreateCollectionOptions;

import dev.cdcpipeline.testkit.Property;

import org.bson.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Generated histories, written to MongoDB while things break, and what is in Kafka then. One
 * Watcher (and its successors) publishes all of them. {@code -Dproperty.cases=2000} makes more of
 * them, {@code -Dproperty.seed} repeats one.
 */
class HistoriesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration OUT_OF_OFFICE = Duration.ofMillis(100);
    @RegisterExtension private static final Servers servers = new Servers();

    private final String database = servers.mongo.newDatabase();
    private final List<HistoryRun> runs = new ArrayList<>();

    @TempDir private Path folder;
    private RunningWatcher watcher;
    private int generation = 1;
    private TopicTail tail;

    @BeforeEach
    void startsAWatcherOfAllCollections() {
        CreateCollectionOptions options = new CreateCollectionOptions();
        if (keepsImages()) {
            options.changeStreamPreAndPostImagesOptions(
                    new ChangeStreamPreAndPostImagesOptions(true));
        }
        for (String collection : History.COLLECTIONS) {
            servers.client.getDatabase(database).createCollection(collection, options);
        }
        watcher = RunningWatcher.startReady(servers.environment(database, folder));
        for (String collection : History.COLLECTIONS) {
            servers.collection(database, collection).insertOne(new Document("_id", "first"));
        }
        watcher.awaitCount("cdc.watcher.published", History.COLLECTIONS.size());
        tail =
                new TopicTail(
                        servers.kafka.bootstrapServers(),
                        History.COLLECTIONS.stream()
                                .map(each -> "cdc." + database + "." + each)
                                .toList());
    }

    private static boolean keepsImages() {
        return servers.mongo.serverVersionNumber() >= 600;
    }

    @AfterEach
    void stopsEverything() {
        try (var _ = watcher;
                var _ = tail) {
            runs.clear();
        }
    }

    @Test
    @DisplayName(
            "1.1 Property 1, 2.1, I1, case W11: whatever is written and whatever breaks or is lost, every document's"
                    + " history is in Kafka, complete and in order; only what a killed Watcher had published is there"
                    + " again, and within one stream no event is left out")
    void publishesEveryDocumentsHistory() throws Exception {
        Property.forAll(History.any(), this::run);

        watcher.stop();
        tail.poll();
        tail.streams().check();
        for (HistoryRun run : runs) {
            run.documents().forEach((name, history) -> history.check(tail.of(name), true));
        }
    }

    private void run(History history) throws Exception {
        HistoryRun run = new HistoryRun(servers, database, "run" + runs.size());
        runs.add(run);
        for (History.Step step : history.steps()) {
            take(step, run);
        }
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(1)).until(() -> isComplete(run));
        run.documents().forEach((name, each) -> each.check(tail.of(name), history.mayRepeat()));
    }

    private void take(History.Step step, HistoryRun run) throws Exception {
        switch (step) {
            case History.Write write -> run.write(write);
            case History.Progress _ -> awaitProgress(run);
            case History.Kill kill -> replaceTheWatcher(kill);
            case History.Break what -> breakSomething(what);
        }
    }

    private void awaitProgress(HistoryRun run) {
        if (!run.documents().isEmpty()) {
            await().atMost(PATIENCE).pollInterval(Duration.ofMillis(1)).until(() -> hasBegun(run));
        }
    }

    private boolean hasBegun(HistoryRun run) {
        tail.poll();
        return run.documents().keySet().stream().anyMatch(name -> !tail.of(name).isEmpty());
    }

    private boolean isComplete(HistoryRun run) {
        assertThat(watcher.failure()).isNull();
        tail.poll();
        return run.documents().entrySet().stream()
                .allMatch(each -> each.getValue().isCompleteIn(tail.of(each.getKey())));
    }

    private void replaceTheWatcher(History.Kill kill) throws Exception {
        boolean possible = keepsImages() || !kill.postImage().equals("required");
        watcher.kill();
        History.Memory memory = possible(kill.memory());
        switch (memory) {
            case CHECKPOINT -> {
                // It goes on after that.
            }
            case HIGHER_GENERATION -> generation++;
            case NOTHING -> {
                Files.deleteIfExists(folder.resolve("checkpoint"));
                Files.deleteIfExists(folder.resolve("checkpoint.previous"));
            }
        }
        watcher =
                RunningWatcher.start(
                        servers.environment(
                                database,
                                folder,
                                "WATCHER_POST_IMAGE",
                                possible ? kill.postImage() : "batched",
                                "WATCHER_GENERATION",
                                Integer.toString(generation)));
        if (memory == History.Memory.HIGHER_GENERATION) {
            awaitARecordOfTheGeneration();
        }
    }

    /**
     * Without a checkpoint, a higher generation is an operator's word that what changed meanwhile
     * may be left out; the Watcher that was killed may not have saved any yet.
     */
    private History.Memory possible(History.Memory wanted) {
        boolean saved = Files.exists(folder.resolve("checkpoint"));
        return wanted == History.Memory.HIGHER_GENERATION && !saved
                ? History.Memory.CHECKPOINT
                : wanted;
    }

    /** Without one, a Watcher that knows nothing would take it for an operator's reset. */
    private void awaitARecordOfTheGeneration() {
        String id = "generation" + generation;
        servers.collection(database, "orders").insertOne(new Document("_id", id));
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(1))
                .until(
                        () -> {
                            tail.poll();
                            return !tail.of(TopicTail.name("orders", id)).isEmpty();
                        });
    }

    private void breakSomething(History.Break what) {
        switch (what) {
            case CONNECTIONS_DROPPED -> {
                if (servers.mongo.isEmbedded()) {
                    servers.mongo.embedded().dropConnections();
                }
            }
            case STEP_DOWN -> {
                if (servers.mongo.isEmbedded()) {
                    servers.mongo.embedded().stepDown(OUT_OF_OFFICE);
                }
            }
            case BROKER_BOUNCED -> servers.kafka.restart();
        }
    }
}
