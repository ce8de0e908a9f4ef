package dev.cdcpipeline.syncer.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.cdcpipeline.syncer.support.Database;
import dev.cdcpipeline.syncer.support.RunningSyncer;
import dev.cdcpipeline.syncer.support.Servers;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.time.Duration;

class ReadinessTest {
    @Test
    @DisplayName("14.2 A Syncer is ready as a member of its group, also while it has no partitions")
    void isReadyBeforeThereIsATopic() {
        var database = new Database(Servers.postgres(), "readiness");
        var environment =
                RunningSyncer.environment(Servers.kafka(), database, "no-such-topic[.].*");

        try (var syncer = new RunningSyncer(environment)) {
            await().atMost(Duration.ofSeconds(60))
                    .untilAsserted(() -> assertThat(syncer.health().report().ready()).isTrue());
        }
    }
}
