package dev.cdcpipeline.syncer.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.cdcpipeline.model.Namespace;
import dev.cdcpipeline.syncer.support.AppliedVersions;
import dev.cdcpipeline.syncer.support.Database;
import dev.cdcpipeline.syncer.support.Events;
import dev.cdcpipeline.syncer.support.Feed;
import dev.cdcpipeline.syncer.support.RunningSyncer;
import dev.cdcpipeline.syncer.support.Servers;
import dev.cdcpipeline.syncer.support.SyncerProcess;
import dev.cdcpipeline.syncer.support.Workload;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/** One to four instances of a group, while events flow. */
class ScaleTest {
    private static final Duration LONG = Duration.ofSeconds(90);

    private final Database database = new Database(Servers.postgres(), "scale");
    private final AtomicBoolean stop = new AtomicBoolean();

    @Test
    @DisplayName(
            "4.1, I1-I4: instances come, go and are killed under load; each change once, in order")
    void instancesComeAndGoUnderLoad() throws Exception {
        var versions = new AppliedVersions(database, "shop", "orders");
        Map<String, String> environment =
                RunningSyncer.environment(Servers.kafka(), database, "scale[.].*");
        try (var feed = new Feed(Servers.kafka(), "scale.shop.orders", 8)) {
            var workload = new Workload(feed, new Events(new Namespace("shop", "orders")), 11, 400);
            CompletableFuture<Void> load = CompletableFuture.runAsync(() -> flow(workload));
            try (var first = new RunningSyncer(environment)) {
                awaitApplied(500);
                try (var doomed = new SyncerProcess(environment);
                        var second = new RunningSyncer(environment)) {
                    await().atMost(LONG).until(() -> second.count("cdc.syncer.consumed") > 100);
                    awaitApplied(500);
                    first.stop();
                    awaitApplied(200);
                    doomed.kill();
                    try (var last = new RunningSyncer(environment)) {
                        await().atMost(LONG).until(() -> last.count("cdc.syncer.consumed") > 100);
                        second.stop();
                        awaitApplied(200);
                        finish(load);
                        await().atMost(LONG)
                                .untilAsserted(
                                        () ->
                                                assertThat(database.values("shop.orders"))
                                                        .isEqualTo(workload.expected()));
                        assertThat(last.hasEnded()).isFalse();
                    }
                }
            } finally {
                finish(load);
            }
            await().atMost(LONG)
                    .until(
                            () ->
                                    database.number("select sum(next_offset) from cdc.ledger")
                                            == workload.sent());
        }
        versions.assertNothingTwice();
    }

    private void finish(CompletableFuture<Void> load) {
        stop.set(true);
        load.join();
    }

    /** A few hundred changes a second, until told to stop. */
    private void flow(Workload workload) {
        while (!stop.get()) {
            workload.send(20);
            await().pollDelay(Duration.ofMillis(20)).until(() -> true);
        }
    }

    private void awaitApplied(long more) {
        long target = applied() + more;
        await().atMost(LONG).until(() -> applied() >= target);
    }

    private long applied() {
        return database.number("select count(*) from shop.orders_applied");
    }
}
