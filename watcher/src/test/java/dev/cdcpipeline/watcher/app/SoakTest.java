package dev.cdcpipeline.watcher.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cdcpipeline.embedded.RedisServer;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/**
 * Faults that last. A few seconds by default; {@code -Dsoak.seconds=60} lets them last as long as
 * they do in earnest.
 */
class SoakTest {
    private static final Duration LASTING = Duration.ofSeconds(Long.getLong("soak.seconds", 3));
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int MOST_IN_FLIGHT = 500;
    @RegisterExtension private static final Servers servers = new Servers();

    private final String database = servers.mongo.newDatabase();

    @TempDir private Path folder;

    private RunningWatcher start(String... more) {
        Map<String, String> environment = servers.environment(database, folder, more);
        environment.put("WATCHER_PUBLISH_MAX_IN_FLIGHT_RECORDS", Integer.toString(MOST_IN_FLIGHT));
        return RunningWatcher.startReady(environment);
    }

    private static void pass(Duration time) {
        await().pollDelay(time).atMost(time.plus(PATIENCE)).until(() -> true);
    }

    private void assertEverythingOnce(Workload workload) {
        workload.stop();
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(500))
                .ignoreExceptions()
                .untilAsserted(
                        () -> workload.assertNothingLost(servers.published(database, "orders")));
        workload.assertOnce(servers.published(database, "orders"));
    }

    private interface Harm {
        void happen();
    }

    /** Does harm every second for a time, and looks whether every event was published once. */
    private void survives(Harm harm, String... more) throws Exception {
        try (RunningWatcher watcher = start(more);
                Workload workload = Workload.start(servers.collection(database, "orders"))) {
            for (long second = 0; second < LASTING.toSeconds(); second++) {
                pass(Duration.ofSeconds(1));
                harm.happen();
                assertThat(watcher.gauge("cdc.watcher.in.flight.events"))
                        .isLessThanOrEqualTo(MOST_IN_FLIGHT);
            }
            assertEverythingOnce(workload);
            await().atMost(PATIENCE).until(watcher::ready);
        }
    }

    @Test
    @DisplayName(
            "1.4 Property 24: connections to MongoDB that break every second for a time lose and repeat nothing")
    void survivesConnectionsThatBreakEverySecond() throws Exception {
        assumeTrue(servers.mongo.isEmbedded());
        survives(() -> servers.mongo.embedded().dropConnections());
    }

    @Test
    @DisplayName(
            "1.4 Property 24: a primary that steps down every second for a time loses and repeats nothing")
    void survivesAPrimaryThatStepsDownEverySecond() throws Exception {
        assumeTrue(servers.mongo.isEmbedded());
        survives(() -> servers.mongo.embedded().stepDown(Duration.ofMillis(500)));
    }

    @Test
    @DisplayName(
            "2.4 Property 5: a Redis that restarts empty every second for a time loses and repeats nothing")
    void survivesARedisThatRestartsEmptyEverySecond() throws Exception {
        try (RedisServer redis = RedisServer.start()) {
            survives(
                    redis::restartEmpty,
                    "WATCHER_CHECKPOINT_STORE",
                    "redis",
                    "WATCHER_CHECKPOINT_REDIS_URL",
                    redis.url());
        }
    }

    @Test
    @DisplayName(
            "3.4 Property 24: a broker that is down for a time while MongoDB is written to loses and repeats nothing,"
                    + " and what is in flight stays bounded (I7)")
    void survivesABrokerThatIsDownForATime() throws Exception {
        try (RunningWatcher watcher = start();
                Workload workload = Workload.start(servers.collection(database, "orders"))) {
            workload.awaitWrites(200);
            servers.kafka.stop();
            try {
                pass(LASTING);
                assertThat(watcher.gauge("cdc.watcher.in.flight.events"))
                        .isLessThanOrEqualTo(MOST_IN_FLIGHT);
            } finally {
                servers.kafka.restart();
            }
            assertEverythingOnce(workload);
            await().atMost(PATIENCE).until(watcher::ready);
        }
    }
}
