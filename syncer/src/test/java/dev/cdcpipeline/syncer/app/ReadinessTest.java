package dev.cdcpipeline.syncer.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.cdcpipeline.embedded.KafkaBroker;
import dev.cdcpipeline.syncer.support.Database;
import dev.cdcpipeline.syncer.support.Feed;
import dev.cdcpipeline.syncer.support.LogLines;
import dev.cdcpipeline.syncer.support.RunningSyncer;
import dev.cdcpipeline.syncer.support.Servers;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.time.Duration;

class ReadinessTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    private final Database database = new Database(Servers.postgres(), "readiness");

    @Test
    @DisplayName(
            "14.2, 4.1: a Syncer is ready in its group without a topic, says that none matches, and when one does")
    void isReadyBeforeThereIsATopicAndSaysSo() {
        var environment = RunningSyncer.environment(Servers.kafka(), database, "unborn[.].*");
        try (var log = new LogLines("dev.cdcpipeline.syncer.consume");
                var syncer = new RunningSyncer(environment)) {
            await().atMost(LONG)
                    .untilAsserted(
                            () -> {
                                assertThat(syncer.health().report().ready()).isTrue();
                                assertThat(syncer.health().report().toJson())
                                        .contains("no topic matches unborn[.].*");
                            });
            await().during(Duration.ofSeconds(1))
                    .atMost(LONG)
                    .until(() -> log.with("no topic matches unborn[.].*").size() == 1);

            try (var _ = new Feed(Servers.kafka(), "unborn.shop.orders", 1)) {
                await().atMost(LONG)
                        .until(
                                () ->
                                        log.with("topics to apply now: [unborn.shop.orders]").size()
                                                == 1);
                await().atMost(LONG)
                        .untilAsserted(
                                () ->
                                        assertThat(syncer.health().report().toJson())
                                                .contains("\"ready\":true")
                                                .doesNotContain("no topic matches"));
            }
        }
    }

    @Test
    @DisplayName("14.2: a Syncer that had to wait for Kafka at its start is ready without a record")
    void isReadyAfterItWaitedForKafka() {
        try (var broker = KafkaBroker.start()) {
            broker.stop();
            var environment = RunningSyncer.environment(broker, database, "waited[.].*");
            try (var syncer = new RunningSyncer(environment)) {
                await().atMost(LONG).until(() -> syncer.count("cdc.syncer.retries") > 0);
                assertThat(syncer.health().report().ready()).isFalse();
                broker.restart();
                await().atMost(LONG).until(() -> syncer.health().report().ready());
            }
        }
    }
}
