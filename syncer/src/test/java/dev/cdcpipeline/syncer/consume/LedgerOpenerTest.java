package dev.cdcpipeline.syncer.consume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.cdcpipeline.platform.retry.Backoff;
import dev.cdcpipeline.platform.retry.Retry;
import dev.cdcpipeline.platform.retry.RetryListener;
import dev.cdcpipeline.syncer.support.Database;
import dev.cdcpipeline.syncer.support.Feed;
import dev.cdcpipeline.syncer.support.Servers;
import dev.cdcpipeline.syncer.write.Ledger;
import dev.cdcpipeline.syncer.write.LedgerStore;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

class LedgerOpenerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Queue<String> ofKafka = new ConcurrentLinkedQueue<>();
    private final Queue<String> ofDatabase = new ConcurrentLinkedQueue<>();

    @Test
    @DisplayName(
            "I5, 14.2: a partition that Kafka cannot tell of keeps no other waiting, and is said of Kafka, not of the database")
    void aPartitionThatKafkaCannotTellOfKeepsNoOtherWaiting() throws Exception {
        var database = new Database(Servers.postgres(), "opened");
        var settings =
                Map.<String, Object>of("bootstrap.servers", Servers.kafka().bootstrapServers());
        var inbox = new Inbox();
        var there = new Claim(new TopicPartition("opened", 1));
        var missing = new Claim(new TopicPartition("not-there-to-be-opened", 0));
        try (var _ = new Feed(Servers.kafka(), "opened", 2);
                var admin = Admin.create(settings);
                var pool = database.pool(1, Map.of())) {
            var ledger = new LedgerStore(pool, new Ledger("group"));
            ledger.prepare();
            var fail = LossPolicy.OnLoss.FAIL;
            var place =
                    new Consumption.Place(
                            new TopicCatalog(admin),
                            ledger,
                            new LossPolicy(fail, fail, fail, fail),
                            retry(ofKafka),
                            retry(ofDatabase),
                            Duration.ofHours(1));
            try (var opener = new LedgerOpener(place, inbox)) {
                opener.open(List.of(missing, there));

                await().atMost(PATIENCE)
                        .untilAsserted(
                                () ->
                                        assertThat(inbox.poll())
                                                .isInstanceOfSatisfying(
                                                        Report.Opened.class,
                                                        opened ->
                                                                assertThat(opened.claim())
                                                                        .isSameAs(there)));
                await().atMost(PATIENCE).until(() -> ofKafka.size() > 2);
                assertThat(ofKafka).containsOnly("asking Kafka what it holds");
                assertThat(ofDatabase).isEmpty();
                assertThat(inbox.poll()).isNull();
            }
        }
    }

    /** Tells what had to be tried again. */
    private static Retry retry(Queue<String> told) {
        var often = new Backoff(Duration.ofMillis(1), Duration.ofMillis(1), 1, 0, 0);
        RetryListener listener = (what, attempt, cause, wait) -> told.add(what);
        return new Retry(often, SyncerFailures.classifier()::reaction, listener);
    }
}
