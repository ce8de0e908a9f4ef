package dev.cdcpipeline.syncer.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.cdcpipeline.model.Namespace;
import dev.cdcpipeline.syncer.support.AppliedVersions;
import dev.cdcpipeline.syncer.support.Database;
import dev.cdcpipeline.syncer.support.Events;
import dev.cdcpipeline.syncer.support.Feed;
import dev.cdcpipeline.syncer.support.Load;
import dev.cdcpipeline.syncer.support.RunningSyncer;
import dev.cdcpipeline.syncer.support.Servers;
import dev.cdcpipeline.syncer.support.SyncerProcess;
import dev.cdcpipeline.syncer.support.Workload;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.Map;

/** One to four instances of a group, while events flow. */
class ScaleTest {
    private static final Duration LONG = Duration.ofSeconds(90);

    private final Database database = new Database(Servers.postgres(), "scale");

    @Test
    @DisplayName(
            "4.1, I1-I4: instances come, go and are killed under load; each change once, in order")
    void instancesComeAndGoUnderLoad() throws Exception {
        var versions = new AppliedVersions(database, "shop", "orders");
        Map<String, String> environment =
                RunningSyncer.environment(Servers.kafka(), database, "scale[.].*");
        try (var feed = new Feed(Servers.kafka(), "scale.shop.orders", 8)) {
            var workload = new Workload(feed, new Events(new Namespace("shop", "orders")), 11, 400);
            try (var load = new Load(workload);
                    var first = new RunningSyncer(environment)) {
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
                        load.finish();
                        await().atMost(LONG)
                                .untilAsserted(
                                        () ->
                                                assertThat(database.values("shop.orders"))
                                                        .isEqualTo(workload.expected()));
                        assertThat(last.hasEnded()).isFalse();
                    }
                }
            }
            await().atMost(LONG)
                    .until(
                            () ->
                                    database.number("select sum(next_offset) from cdc.ledger")
                                            == workload.sent());
        }
        versions.assertNothingTwice();
    }

    private void awaitApplied(long more) {
        long target = applied() + more;
        await().atMost(LONG).until(() -> applied() >= target);
    }

    private long applied() {
        return database.number("select count(*) from shop.orders_applied");
    }
}
