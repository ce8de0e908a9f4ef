package dev.cdcpipeline.watcher.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.cdcpipeline.model.Position;
import dev.cdcpipeline.model.wire.StreamId;
import dev.cdcpipeline.watcher.checkpoint.Checkpoint;
import dev.cdcpipeline.watcher.checkpoint.FileCheckpointStore;
import dev.cdcpipeline.watcher.checkpoint.Place;

import org.bson.Document;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/** Which stream records belong to, over restarts of the Watcher. */
class StreamsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    @RegisterExtension private static final Servers servers = new Servers();

    private final String database = servers.mongo.newDatabase();

    @TempDir private Path folder;

    /** Publishes one more document and ends. */
    private void publish(int id, boolean killed, String... more) throws Exception {
        try (RunningWatcher watcher =
                RunningWatcher.start(servers.environment(database, folder, more))) {
            await().atMost(PATIENCE).until(watcher::ready);
            servers.collection(database, "orders").insertOne(new Document("_id", id));
            await().atMost(PATIENCE)
                    .ignoreExceptions()
                    .until(() -> servers.published(database, "orders").size() >= id);
            if (killed) {
                watcher.kill();
            } else {
                watcher.stop();
            }
        }
    }

    private List<StreamId> streams() {
        return servers.published(database, "orders").stream()
                .map(each -> Objects.requireNonNull(each.headers().stream()))
                .distinct()
                .toList();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @DisplayName("case W3: a stream goes on over restarts, and its records say what was durable")
    void goesOnOverRestarts(boolean killed) throws Exception {
        publish(1, killed);
        publish(2, killed);
        publish(3, killed);
        assertThat(streams()).hasSize(1);
        assertThat(servers.published(database, "orders"))
                .allSatisfy(
                        each -> {
                            Position position = each.headers().position();
                            assertThat(each.durable()).isNotNull().isLessThan(position);
                        });
    }

    @ParameterizedTest
    @CsvSource({
        "WATCHER_SCOPE_EXCLUDE, none.at_all",
        "WATCHER_SCOPE_EXCLUDE_FIELDS, secret",
        "WATCHER_SCOPE_PIPELINE, [{$match: {'documentKey._id': {$gte: 0}}}]",
        "WATCHER_GENERATION, 2"
    })
    @DisplayName("case W3: what lets other events through begins another stream")
    void beginsAnewWithOtherEvents(String variable, String value) throws Exception {
        publish(1, false);
        publish(2, false, "WATCHER_CHECKPOINT_CHANGED_SCOPE", "accept", variable, value);
        publish(3, false, "WATCHER_CHECKPOINT_CHANGED_SCOPE", "accept", variable, value);
        assertThat(streams()).hasSize(2);
    }

    @Test
    @DisplayName("case W3: a checkpoint of a version before streams is read, and begins one")
    void readsACheckpointWithoutAStream() throws Exception {
        publish(1, false);
        Place place = rewriteWithoutStream();
        assertThat(Files.readString(folder.resolve("checkpoint"))).doesNotContain("stream");
        publish(2, false);
        publish(3, false);
        assertThat(streams()).hasSize(2);
        assertThat(servers.published(database, "orders")).hasSize(3);
        assertThat(place.position()).isNotNull();
    }

    private Place rewriteWithoutStream() throws IOException {
        Checkpoint found;
        Path file = folder.resolve("checkpoint");
        try (FileCheckpointStore store = FileCheckpointStore.open(file)) {
            found = store.load().orElseThrow();
        }
        Files.delete(file);
        Files.deleteIfExists(folder.resolve("checkpoint.previous"));
        try (FileCheckpointStore store = FileCheckpointStore.open(file)) {
            Place place = new Place(found.position(), null);
            store.save(new Checkpoint(place, found.identity()));
            return place;
        }
    }
}
