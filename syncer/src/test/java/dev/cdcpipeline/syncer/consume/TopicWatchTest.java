package dev.cdcpipeline.syncer.consume;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;

import dev.cdcpipeline.syncer.plan.PartitionId;
import dev.cdcpipeline.syncer.plan.Progress;
import dev.cdcpipeline.syncer.support.Database;
import dev.cdcpipeline.syncer.support.Feed;
import dev.cdcpipeline.syncer.support.LogLines;
import dev.cdcpipeline.syncer.support.Servers;
import dev.cdcpipeline.syncer.support.Topics;
import dev.cdcpipeline.syncer.write.Ledger;
import dev.cdcpipeline.syncer.write.LedgerStore;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

class TopicWatchTest {

    private final Database database = new Database(Servers.postgres(), "watched");
    private final HikariDataSource pool = database.pool(1, Map.of());
    private final Admin admin =
            Admin.create(Map.of("bootstrap.servers", Servers.kafka().bootstrapServers()));
    private final TopicCatalog catalog = new TopicCatalog(admin);
    private final Inbox inbox = new Inbox();

    @AfterEach
    void close() {
        admin.close();
        pool.close();
    }

    private TopicWatch watch() throws SQLException {
        var ledger = new LedgerStore(pool, new Ledger("group"));
        ledger.prepare();
        var fail = LossPolicy.OnLoss.FAIL;
        var guard = new TopicGuard(ledger, new LossPolicy(fail, fail, fail, fail));
        return new TopicWatch(catalog, guard, inbox, Duration.ofHours(1), System::nanoTime);
    }

    private UUID idOf(String topic) throws Exception {
        return catalog.topics(Set.of(topic)).values().iterator().next().id();
    }

    @Test
    @DisplayName("I5: a claim on a topic that has another id by now is reported, and only that")
    void reportsClaimsOnATopicThatWasReplaced() throws Exception {
        try (var _ = new Feed(Servers.kafka(), "watched", 2);
                var watch = watch()) {
            Claim same = claim("watched", 0, idOf("watched"));
            Claim replaced = claim("watched", 1, UUID.randomUUID());

            watch.look(List.of(same, replaced));

            assertThat(inbox.poll()).isEqualTo(new Report.Replaced(List.of(replaced)));
            assertThat(inbox.poll()).isNull();
        }
    }

    @Test
    @DisplayName(
            "I5: a topic that is gone is told of once, also when its partitions were taken away")
    void tellsOfATopicThatIsGone() throws Exception {
        try (var _ = new Feed(Servers.kafka(), "soon-gone", 1);
                var topics = new Topics(Servers.kafka());
                var log = new LogLines("dev.cdcpipeline.syncer.consume.TopicWatch");
                var watch = watch()) {
            watch.look(List.of(claim("soon-gone", 0, idOf("soon-gone"))));
            topics.delete("soon-gone");

            watch.look(List.of());
            watch.look(List.of());

            assertThat(log.with("The topic soon-gone is gone from Kafka")).hasSize(1);
        }
    }

    private static Claim claim(String topic, int partition, UUID topicId) {
        var claim = new Claim(new TopicPartition(topic, partition));
        claim.open(new Progress(new PartitionId(topicId, topic, partition), 0, null));
        return claim;
    }
}
