package dev.cdcpipeline.syncer.consume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;

import dev.cdcpipeline.embedded.KafkaBroker;
import dev.cdcpipeline.kafka.KafkaAdmin;
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
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;

class TopicWatchTest {
    private static final Map<String, String> ACLS =
            Map.of(
                    "authorizer.class.name",
                    "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
                    "allow.everyone.if.no.acl.found",
                    "true");
    private static final UUID KEPT = UUID.randomUUID();
    private static final UUID RETIRED = UUID.randomUUID();

    private final Database database = new Database(Servers.postgres(), "watched");
    private final HikariDataSource pool = database.pool(1, Map.of());
    private final Admin admin =
            Admin.create(Map.of("bootstrap.servers", Servers.kafka().bootstrapServers()));
    private final TopicCatalog catalog = new TopicCatalog(new KafkaAdmin(admin));
    private final Inbox inbox = new Inbox();

    @AfterEach
    void close() {
        admin.close();
        pool.close();
    }

    private TopicWatch watch() throws SQLException {
        return watch(catalog);
    }

    private TopicWatch watch(TopicCatalog catalog) throws SQLException {
        var ledger = new LedgerStore(pool, new Ledger("group"));
        ledger.prepare();
        var fail = LossPolicy.OnLoss.FAIL;
        var guard = new TopicGuard(ledger, new LossPolicy(fail, fail, fail, fail));
        return new TopicWatch(catalog, guard, inbox);
    }

    private UUID idOf(String topic) throws Exception {
        return catalog.topics(Set.of(topic)).values().iterator().next().id();
    }

    @Test
    @DisplayName("I5: a claim on a topic that has another id by now is reported, and only that")
    void reportsClaimsOnATopicThatWasReplaced() throws Exception {
        try (var _ = new Feed(Servers.kafka(), "watched", 2)) {
            TopicWatch watch = watch();
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
                var log = new LogLines("dev.cdcpipeline.syncer.consume.TopicWatch")) {
            TopicWatch watch = watch();
            watch.look(List.of(claim("soon-gone", 0, idOf("soon-gone"))));
            topics.delete("soon-gone");

            watch.look(List.of());
            watch.look(List.of());

            assertThat(log.with("The topic soon-gone is gone from Kafka")).hasSize(1);
        }
    }

    @Test
    @DisplayName(
            "I5: a topic that went and may not be asked about any more hides nothing of others")
    void aTopicThatMayNotBeAskedAboutHidesNothing() throws Exception {
        try (var broker = KafkaBroker.start(ACLS);
                var guarded = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
                var _ = new Feed(broker, "kept", 1);
                var _ = new Feed(broker, "retired", 1);
                var log = new LogLines("dev.cdcpipeline.syncer.consume.TopicWatch")) {
            TopicWatch watch = watch(new TopicCatalog(new KafkaAdmin(guarded)));
            watch.look(List.of(claim("kept", 0, KEPT), claim("retired", 0, RETIRED)));
            inbox.poll(); // they are not of these ids
            forbid(guarded, "retired");

            watch.look(List.of(claim("kept", 0, KEPT)));

            assertThat(inbox.poll()).isInstanceOf(Report.Replaced.class);
            assertThat(log.with("The topic retired is gone from Kafka")).hasSize(1);
        }
    }

    private static void forbid(Admin admin, String topic) throws Exception {
        var pattern = new ResourcePattern(ResourceType.TOPIC, topic, PatternType.LITERAL);
        var anybody =
                new AccessControlEntry(
                        "User:*", "*", AclOperation.DESCRIBE, AclPermissionType.DENY);
        admin.createAcls(List.of(new AclBinding(pattern, anybody))).all().get();
        await().until(() -> isForbidden(admin, topic));
    }

    private static boolean isForbidden(Admin admin, String topic) throws InterruptedException {
        try {
            admin.describeTopics(List.of(topic)).allTopicNames().get();
            return false;
        } catch (ExecutionException e) {
            return e.getCause() instanceof TopicAuthorizationException;
        }
    }

    private static Claim claim(String topic, int partition, UUID topicId) {
        var claim = new Claim(new TopicPartition(topic, partition));
        claim.open(new Progress(new PartitionId(topicId, topic, partition), 0, null));
        return claim;
    }
}
