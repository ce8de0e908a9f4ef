package dev.cdcpipeline.watcher.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;

import dev.cdcpipeline.embedded.mongo.ServerVersion;
import dev.cdcpipeline.embedded.mongo.ShardedCluster;
import dev.cdcpipeline.testkit.Property;
import dev.cdcpipeline.watcher.checkpoint.FileCheckpointStore;

import org.bson.BsonString;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Generated histories in which the content of collections is replaced, documents change the type of
 * their ids and the shard they are on, and Watchers are killed and lose what they know. What the
 * records make of a table is compared with the collection.
 */
@Timeout(300)
class ReplacedHistoriesTest {
    private static final int CASES = 30;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final List<String> CHECKPOINTS = List.of("checkpoint", "checkpoint.previous");
    @RegisterExtension private static final Servers servers = new Servers();

    private final String database = servers.mongo.newDatabase();
    private final Outcome outcome = new Outcome();
    private final Map<ContentHistory.Memory, Integer> kills =
            new EnumMap<>(ContentHistory.Memory.class);

    @TempDir private Path folder;
    @TempDir private Path older;
    private @Nullable RunningWatcher watcher;
    private @Nullable TopicReader topics;
    private String uri = servers.mongo.uri();
    private int generation = 1;
    private int marks;
    private double moved;

    @AfterEach
    void stopsEverything() {
        try (var _ = watcher;
                var _ = topics) {
            kills.clear();
        }
    }

    @Test
    @DisplayName(
            "1.1 Property 1, cases W1, W4, W8, W11: whatever replaces a collection's content or the"
                    + " type of its ids, and whatever a killed Watcher has lost, its records make the"
                    + " collection, and no document goes back")
    void makesEveryCollection() throws Exception {
        ContentRun run = start(servers.client, null);
        checkAll(run);
        assertThat(run.counts().keySet()).isEqualTo(run.possible());
    }

    @Test
    @DisplayName(
            "1.1 Property 1, cases C1, W1, W4, W8, W11: so it is on a sharded cluster, where"
                    + " documents move between shards and their deletes come after their inserts")
    void makesEveryCollectionOfAShardedCluster() throws Exception {
        try (ShardedCluster cluster = ShardedCluster.builder().version(ServerVersion.V7_0).start();
                MongoClient client = MongoClients.create(cluster.uri())) {
            uri = cluster.uri();
            ContentRun run = start(client, cluster);
            checkAll(run);
            assertThat(run.counts().keySet()).isEqualTo(run.possible());
            assertThat(moved).isPositive();
        }
    }

    private ContentRun start(MongoClient client, @Nullable ShardedCluster cluster) {
        ContentRun run = new ContentRun(client, database, cluster);
        watcher = watcher("batched", generation);
        await().atMost(PATIENCE).until(watcher()::ready);
        run.mark("first");
        watcher().awaitCount("cdc.watcher.published", ContentRun.collections().size());
        topics =
                new TopicReader(
                        servers.kafka.bootstrapServers(),
                        ContentRun.collections().stream().map(this::topic).toList());
        return run;
    }

    private String topic(String collection) {
        return "cdc." + database + "." + collection;
    }

    private RunningWatcher watcher() {
        return Objects.requireNonNull(watcher);
    }

    private void poll() {
        Objects.requireNonNull(topics).poll(outcome::add);
    }

    private RunningWatcher watcher(String postImage, int configured) {
        return RunningWatcher.start(
                servers.environment(
                        database,
                        folder,
                        "WATCHER_MONGODB_URI",
                        uri,
                        "WATCHER_POST_IMAGE",
                        postImage,
                        "WATCHER_GENERATION",
                        Integer.toString(configured)));
    }

    private void checkAll(ContentRun run) throws Exception {
        check(ContentHistory.everything(), run);
        assertThat(kills).containsKeys(ContentHistory.Memory.values());
        Property.forAll(CASES, ContentHistory.any(), history -> check(history, run));
        watcher().stop();
        moved += watcher().count("cdc.watcher.moved.documents");
        Objects.requireNonNull(topics).pollToTheEnd(outcome::add);
        for (String each : ContentRun.collections()) {
            assertThat(outcome.documents(topic(each))).as(each).isEqualTo(run.content(each));
        }
    }

    private void check(ContentHistory history, ContentRun run) throws Exception {
        for (ContentHistory.Step step : history.steps()) {
            if (step instanceof ContentHistory.Kill kill) {
                replaceTheWatcher(kill, run);
            } else {
                run.take(step);
            }
        }
        run.touchEverything();
        run.mark("end" + marks++);
        for (String each : ContentRun.collections()) {
            awaitOutcome(each, run);
        }
    }

    private void awaitOutcome(String collection, ContentRun run) {
        var content = run.content(collection);
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(1))
                .untilAsserted(
                        () -> {
                            poll();
                            assertThat(watcher().failure()).isNull();
                            assertThat(outcome.documents(topic(collection)))
                                    .as(collection)
                                    .isEqualTo(content);
                        });
    }

    private void replaceTheWatcher(ContentHistory.Kill kill, ContentRun run) throws Exception {
        watcher().kill();
        moved += watcher().count("cdc.watcher.moved.documents");
        ContentHistory.Memory memory = possible(kill.memory());
        int configured = generation;
        switch (memory) {
            case CHECKPOINT -> {
                // It goes on after that.
            }
            case OLDER_CHECKPOINT -> copy(older, folder);
            case HIGHER_GENERATION -> configured = ++generation;
            case LOWER_GENERATION -> configured = generation - 1;
            case NOTHING -> forget();
        }
        kills.merge(memory, 1, Integer::sum);
        if (memory != ContentHistory.Memory.NOTHING) {
            copy(folder, older);
        }
        watcher = watcher(kill.postImage(), configured);
        if (memory == ContentHistory.Memory.HIGHER_GENERATION) {
            awaitARecordOfTheGeneration(run);
        }
    }

    /**
     * What was never saved cannot fall back; and without a checkpoint, a higher generation is an
     * operator's word that what changed meanwhile may be left out.
     */
    private ContentHistory.Memory possible(ContentHistory.Memory wanted) throws IOException {
        boolean possible =
                switch (wanted) {
                    case CHECKPOINT, NOTHING -> true;
                    case HIGHER_GENERATION -> Files.exists(folder.resolve("checkpoint"));
                    case OLDER_CHECKPOINT -> Files.exists(older.resolve("checkpoint"));
                    case LOWER_GENERATION -> generation > 1 && savedGeneration() == generation;
                };
        return possible ? wanted : ContentHistory.Memory.CHECKPOINT;
    }

    private long savedGeneration() throws IOException {
        try (FileCheckpointStore store = FileCheckpointStore.open(folder.resolve("checkpoint"))) {
            return store.load().map(each -> each.position().generation()).orElse(0L);
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        for (String name : CHECKPOINTS) {
            if (Files.exists(from.resolve(name))) {
                Files.copy(
                        from.resolve(name), to.resolve(name), StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    private void forget() throws IOException {
        for (String name : CHECKPOINTS) {
            Files.deleteIfExists(folder.resolve(name));
        }
    }

    /** Without one, a Watcher that knows nothing would take it for an operator's reset. */
    private void awaitARecordOfTheGeneration(ContentRun run) {
        String name = "generation" + generation;
        run.mark(name);
        String key = Outcome.key(new BsonString(name));
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(1))
                .until(
                        () -> {
                            poll();
                            return outcome.documents(topic("orders")).containsKey(key);
                        });
    }
}
