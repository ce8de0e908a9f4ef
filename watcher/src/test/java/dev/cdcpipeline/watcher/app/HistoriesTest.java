package dev.cdcpipeline.watcher.app;

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
    private TopicTail tail;

    @BeforeEach
    void startsAWatcherOfAllCollections() {
        for (String collection : History.COLLECTIONS) {
            servers.client
                    .getDatabase(database)
                    .createCollection(
                            collection,
                            new CreateCollectionOptions()
                                    .changeStreamPreAndPostImagesOptions(
                                            new ChangeStreamPreAndPostImagesOptions(true)));
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

    @AfterEach
    void stopsEverything() {
        try (var _ = watcher;
                var _ = tail) {
            runs.clear();
        }
    }

    @Test
    @DisplayName(
            "1.1 Property 1, 2.1, I1: whatever is written and whatever breaks, every document's history is in Kafka,"
                    + " complete and in order; only what a killed Watcher had published is there again")
    void publishesEveryDocumentsHistory() throws Exception {
        Property.forAll(History.any(), this::run);

        watcher.stop();
        tail.poll();
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
            case History.Kill kill -> replaceTheWatcher(kill.postImage());
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
        tail.poll();
        return run.documents().entrySet().stream()
                .allMatch(each -> each.getValue().isCompleteIn(tail.of(each.getKey())));
    }

    private void replaceTheWatcher(String postImage) throws Exception {
        watcher.kill();
        watcher =
                RunningWatcher.start(
                        servers.environment(database, folder, "WATCHER_POST_IMAGE", postImage));
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
