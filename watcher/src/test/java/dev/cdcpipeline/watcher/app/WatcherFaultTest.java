package dev.cdcpipeline.watcher.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;

/** {@code -Dwatcher.kills=50} kills it more often, {@code -Dwatcher.seed} at other moments. */
class WatcherFaultTest {
    private static final Duration LONG = Duration.ofSeconds(90);
    private static final int PER_SECOND = 200;
    private static final int STEPS_PER_SECOND = 40;
    private static final int MOST_MILLIS = 1_500;
    @RegisterExtension private static final Servers servers = new Servers();

    private final String database = servers.mongo.newDatabase();
    private final Random random = new Random(Long.getLong("watcher.seed", 7));

    @TempDir private Path folder;

    @Test
    @DisplayName(
            "15, I1, case W11: kill -9 at random moments under load, also with the checkpoint lost each third time, leaves"
                    + " nothing out and reorders nothing, nor does any stream")
    void killsAtRandomMomentsDoNotMatter() throws Exception {
        int kills = Integer.getInteger("watcher.kills", 6);
        Map<String, String> environment = servers.environment(database, folder);
        RunningWatcher first = RunningWatcher.startReady(environment);
        try (first;
                Workload workload =
                        Workload.start(servers.collection(database, "orders"), PER_SECOND)) {
            first.awaitAtLeast("cdc.watcher.published", 1);
            first.kill();
            for (int i = 0; i < kills; i++) {
                if (i % 3 == 0) {
                    loseTheCheckpoint();
                }
                killOne(environment, i % 4 != 3);
            }
            try (WatcherProcess last = new WatcherProcess(environment)) {
                workload.stop();
                await().atMost(LONG)
                        .pollInterval(Duration.ofSeconds(1))
                        .untilAsserted(
                                () ->
                                        workload.assertNothingLost(
                                                servers.published(database, "orders")));
                assertThat(last.terminate()).isZero();
            }
        }
        StreamContinuity streams = new StreamContinuity();
        servers.published(database, "orders").forEach(each -> streams.add("orders", each));
        streams.check();
    }

    @Test
    @DisplayName(
            "15, I1, cases W1, W4, W11: kill -9 while content is replaced and ids change their"
                    + " type: what the records make is what the collections have")
    void killsDoNotMatterWhereContentIsReplaced() throws Exception {
        int kills = Integer.getInteger("watcher.kills", 4);
        Map<String, String> environment = servers.environment(database, folder);
        ContentRun run = new ContentRun(servers.client, database, null);
        try (RunningWatcher first = RunningWatcher.startReady(environment)) {
            run.mark("first");
            first.awaitCount("cdc.watcher.published", ContentRun.collections().size());
            first.kill();
        }
        try (ContentWorkload workload = ContentWorkload.start(run, STEPS_PER_SECOND)) {
            for (int i = 0; i < kills; i++) {
                if (i % 3 == 0) {
                    loseTheCheckpoint();
                }
                killOne(environment, i % 4 != 3);
            }
            workload.stop();
        }
        ContentHistory.everything().steps().stream()
                .filter(step -> !(step instanceof ContentHistory.Kill))
                .forEach(run::take);
        run.touchEverything();
        run.mark("end");
        assertThat(run.counts().keySet()).isEqualTo(run.possible());
        try (WatcherProcess last = new WatcherProcess(environment)) {
            awaitOutcome(run, last);
            assertThat(last.terminate()).isZero();
        }
    }

    private void awaitOutcome(ContentRun run, WatcherProcess watcher) {
        Outcome outcome = new Outcome();
        List<String> topics = ContentRun.collections().stream().map(this::topic).toList();
        try (TopicReader reader = new TopicReader(servers.kafka.bootstrapServers(), topics)) {
            for (String each : ContentRun.collections()) {
                var content = run.content(each);
                await().atMost(LONG)
                        .untilAsserted(
                                () -> {
                                    reader.pollToTheEnd(outcome::add);
                                    watcher.requireAlive();
                                    assertThat(outcome.documents(topic(each)))
                                            .as(each)
                                            .isEqualTo(content);
                                });
            }
        }
    }

    private String topic(String collection) {
        return "cdc." + database + "." + collection;
    }

    /** At a random moment of its start, or after some progress. */
    private void killOne(Map<String, String> environment, boolean afterProgress) throws Exception {
        try (WatcherProcess process = new WatcherProcess(environment)) {
            if (afterProgress) {
                long before = records();
                await().atMost(LONG).until(() -> records() > before);
            }
            await().pollDelay(Duration.ofMillis(random.nextInt(MOST_MILLIS))).until(() -> true);
            process.kill();
        }
    }

    private void loseTheCheckpoint() throws IOException {
        Files.deleteIfExists(folder.resolve("checkpoint"));
        Files.deleteIfExists(folder.resolve("checkpoint.previous"));
    }

    private long records() throws ExecutionException, InterruptedException {
        Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
        for (int partition : List.of(0, 1, 2)) {
            latest.put(new TopicPartition(topic("orders"), partition), OffsetSpec.latest());
        }
        try (Admin admin =
                Admin.create(Map.of("bootstrap.servers", servers.kafka.bootstrapServers()))) {
            return admin.listOffsets(latest).all().get().values().stream()
                    .mapToLong(each -> each.offset())
                    .sum();
        }
    }
}
