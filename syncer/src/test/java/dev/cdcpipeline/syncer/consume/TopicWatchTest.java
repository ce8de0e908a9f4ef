package dev.cdcpipeline.syncer.consume;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cdcpipeline.syncer.plan.PartitionId;
import dev.cdcpipeline.syncer.plan.Progress;
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
import java.util.Set;
import java.util.UUID;

class TopicWatchTest {

    @Test
    @DisplayName("I5: a claim on a topic that has another id by now is reported, and only that")
    void reportsClaimsOnATopicThatWasReplaced() throws Exception {
        var database = new Database(Servers.postgres(), "watched");
        var settings =
                Map.<String, Object>of("bootstrap.servers", Servers.kafka().bootstrapServers());
        try (var _ = new Feed(Servers.kafka(), "watched", 2);
                var admin = Admin.create(settings);
                var pool = database.pool(1, Map.of())) {
            var catalog = new TopicCatalog(admin);
            var ledger = new LedgerStore(pool, new Ledger("group"));
            ledger.prepare();
            var fail = LossPolicy.OnLoss.FAIL;
            var guard = new TopicGuard(ledger, new LossPolicy(fail, fail, fail, fail));
            var inbox = new Inbox();
            UUID id = catalog.topics(Set.of("watched")).values().iterator().next().id();
            Claim same = claim(0, id);
            Claim replaced = claim(1, UUID.randomUUID());

            try (var watch =
                    new TopicWatch(catalog, guard, inbox, Duration.ofHours(1), System::nanoTime)) {
                watch.look(List.of(same, replaced));
            }

            assertThat(inbox.poll()).isEqualTo(new Report.Replaced(List.of(replaced)));
            assertThat(inbox.poll()).isNull();
        }
    }

    private static Claim claim(int partition, UUID topicId) {
        var claim = new Claim(new TopicPartition("watched", partition));
        claim.open(new Progress(new PartitionId(topicId, "watched", partition), 0, null));
        return claim;
    }
}
