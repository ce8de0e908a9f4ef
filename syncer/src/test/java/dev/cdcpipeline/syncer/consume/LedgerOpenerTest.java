package dev.cdcpipeline.syncer.consume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import com.zaxxer.hikari.HikariDataSource;

import dev.cdcpipeline.kafka.KafkaAdmin;
import dev.cdcpipeline.model.Namespace;
import dev.cdcpipeline.platform.config.RetrySettings;
import dev.cdcpipeline.platform.retry.Retry;
import dev.cdcpipeline.platform.retry.RetryListener;
import dev.cdcpipeline.syncer.support.Database;
import dev.cdcpipeline.syncer.support.Events;
import dev.cdcpipeline.syncer.support.Feed;
import dev.cdcpipeline.syncer.support.Servers;
import dev.cdcpipeline.syncer.support.Topics;
import dev.cdcpipeline.syncer.support.Workload;
import dev.cdcpipeline.syncer.write.Ledger;
import dev.cdcpipeline.syncer.write.LedgerStore;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

class LedgerOpenerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Queue<String> ofKafka = new ConcurrentLinkedQueue<>();
    private final Queue<String> ofDatabase = new ConcurrentLinkedQueue<>();

    private final Database database = new Database(Servers.postgres(), "opened");
    private final HikariDataSource pool = database.pool(1, Map.of());
    private final Admin admin =
            Admin.create(Map.of("bootstrap.servers", Servers.kafka().bootstrapServers()));
    private final Inbox inbox = new Inbox();

    @AfterEach
    void close() {
        admin.close();
        pool.close();
    }

    private LedgerOpener opener() throws SQLException {
        var ledger = new LedgerStore(pool, new Ledger("group"));
        ledger.prepare();
        var fail = LossPolicy.OnLoss.FAIL;
        var place =
                new Consumption.Place(
                        new TopicCatalog(new KafkaAdmin(admin)),
                        ledger,
                        new LossPolicy(fail, fail, fail, fail),
                        retry(ofKafka),
                        retry(ofDatabase),
                        Duration.ofHours(1));
        var meters = new SyncerMeters(new SimpleMeterRegistry(), InstantSource.system());
        return new LedgerOpener(place, inbox, meters);
    }

    private Report.Opened awaitOpened() {
        Report report = await().atMost(PATIENCE).until(inbox::poll, Objects::nonNull);
        return assertInstanceOf(Report.Opened.class, report);
    }

    @Test
    @DisplayName(
            "I5, 14.2: a partition that Kafka cannot tell of keeps no other waiting, and is said of Kafka, not of the database")
    void aPartitionThatKafkaCannotTellOfKeepsNoOtherWaiting() throws Exception {
        var there = new Claim(new TopicPartition("opened", 1));
        var missing = new Claim(new TopicPartition("not-there-to-be-opened", 0));
        try (var _ = new Feed(Servers.kafka(), "opened", 2);
                var opener = opener()) {
            opener.open(List.of(missing, there));

            assertThat(awaitOpened().claim()).isSameAs(there);
            await().atMost(PATIENCE).until(() -> ofKafka.size() > 2);
            assertThat(ofKafka).containsOnly("asking Kafka what it holds");
            assertThat(ofDatabase).isEmpty();
            assertThat(inbox.poll()).isNull();
        }
    }

    @Test
    @DisplayName(
            "I5: what came and was applied by another while the database kept it waiting is no loss")
    void whatAnotherAppliedMeanwhileIsNoLoss() throws Exception {
        var partition = new TopicPartition("opened-late", 0);
        try (var feed = new Feed(Servers.kafka(), "opened-late", 1);
                var opener = opener();
                var rival = database.connect();
                var statement = rival.createStatement()) {
            opener.open(List.of(new Claim(partition)));
            assertThat(awaitOpened().progress().nextOffset()).isZero();
            rival.setAutoCommit(false);
            statement.execute("lock table cdc.ledger in access exclusive mode");

            opener.open(List.of(new Claim(partition)));
            await().atMost(PATIENCE).until(this::waitsForTheLedger); // Kafka had nothing then
            new Workload(feed, new Events(new Namespace("shop", "orders")), 1, 5).send(5);
            statement.execute("update cdc.ledger set next_offset = 5");
            rival.commit();

            assertThat(awaitOpened().progress().nextOffset()).isEqualTo(5);
        }
    }

    @Test
    @DisplayName("I5: a topic that is created anew meanwhile is told from a log that is too short")
    void aTopicCreatedAnewMeanwhileIsNoShortLog() throws Exception {
        var partition = new TopicPartition("opened-anew", 0);
        try (var topics = new Topics(Servers.kafka());
                var opener = opener();
                var rival = database.connect();
                var statement = rival.createStatement()) {
            try (var _ = new Feed(Servers.kafka(), "opened-anew", 1)) {
                opener.open(List.of(new Claim(partition)));
                assertThat(awaitOpened().progress().nextOffset()).isZero();
            }
            rival.setAutoCommit(false);
            statement.execute("lock table cdc.ledger in access exclusive mode");
            opener.open(List.of(new Claim(partition)));
            await().atMost(PATIENCE).until(this::waitsForTheLedger);
            statement.execute("update cdc.ledger set next_offset = 5");
            topics.delete("opened-anew");
            try (var _ = new Feed(Servers.kafka(), "opened-anew", 1)) {
                rival.commit();

                Report report = await().atMost(PATIENCE).until(inbox::poll, Objects::nonNull);
                assertThatThrownBy(assertInstanceOf(Report.Failed.class, report)::rethrow)
                        .isInstanceOf(DataLossException.class)
                        .hasMessageContaining("the topic was deleted and created anew");
            }
        }
    }

    private boolean waitsForTheLedger() {
        return database.number(
                        "select count(*) from pg_stat_activity where wait_event_type = 'Lock'"
                                + " and datname = current_database()")
                == 1;
    }

    /** Tells what had to be tried again. */
    private static Retry retry(Queue<String> told) {
        var often = new RetrySettings(Duration.ofMillis(1), Duration.ofMillis(1), 1, 0, 0);
        RetryListener listener = (what, attempt, cause, wait) -> told.add(what);
        return new Retry(often, SyncerFailures.classifier()::reaction, listener);
    }
}
