package dev.cdcpipeline.syncer.consume;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;

import dev.cdcpipeline.syncer.plan.PartitionId;
import dev.cdcpipeline.syncer.plan.Progress;
import dev.cdcpipeline.syncer.support.Database;
import dev.cdcpipeline.syncer.support.Servers;
import dev.cdcpipeline.syncer.write.Ledger;
import dev.cdcpipeline.syncer.write.LedgerStore;

import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.UUID;

class LedgerWatchTest {
    private final Database database = new Database(Servers.postgres(), "looked");
    private final HikariDataSource pool = database.pool(1, Map.of());
    private final LedgerStore ledger = new LedgerStore(pool, new Ledger("group"));
    private final Inbox inbox = new Inbox();
    private final UUID topic = UUID.randomUUID();
    private final LedgerWatch watch = new LedgerWatch(ledger::nextOffsets, inbox);

    @BeforeEach
    void prepare() throws SQLException {
        ledger.prepare();
    }

    @AfterEach
    void close() {
        pool.close();
    }

    private Progress at(int partition, long offset) {
        return new Progress(new PartitionId(topic, "topic", partition), offset, null);
    }

    /** A claim that was applied up to an offset, as the ledger says too. */
    private Claim claim(int partition, long offset) throws SQLException {
        var claim = new Claim(new TopicPartition("topic", partition));
        claim.open(ledger.open(at(partition, 0).partition(), offset));
        return claim;
    }

    private void ledgerIsAt(int partition, long offset) {
        database.execute(
                "update cdc.ledger set next_offset = %d where partition = %d"
                        .formatted(offset, partition));
    }

    @Test
    @DisplayName("case S5: a partition whose ledger is behind, or gone, starts over, and no other")
    void reportsWhatIsBehind() throws Exception {
        Claim same = claim(0, 10);
        Claim behind = claim(1, 10);
        Claim gone = claim(2, 10);
        watch.look(List.of(same, behind, gone));
        assertThat(inbox.poll()).isNull();

        ledgerIsAt(1, 9);
        database.execute("delete from cdc.ledger where partition = 2");
        watch.look(List.of(same, behind, gone));

        assertThat(inbox.poll())
                .isInstanceOfSatisfying(
                        Report.Fenced.class,
                        fenced ->
                                assertThat(fenced.claims())
                                        .containsExactlyInAnyOrder(behind, gone));
        assertThat(inbox.poll()).isNull();
    }

    @Test
    @DisplayName("case S5: a ledger of other groups, or of other topics, is not taken for ours")
    void othersLedgersDoNotCount() throws Exception {
        Claim ours = claim(0, 10);
        database.execute(
                "insert into cdc.ledger (consumer_group, topic_id, partition, topic, next_offset)"
                        + " select 'other', topic_id, partition, topic, 3 from cdc.ledger",
                "insert into cdc.ledger (consumer_group, topic_id, partition, topic, next_offset)"
                        + " values ('group', gen_random_uuid(), 0, 'topic', 3)");
        watch.look(List.of(ours));
        assertThat(inbox.poll()).isNull();
    }

    @Test
    @DisplayName(
            "case S5: a step of our own that was committed just now is not taken for another's")
    void aStepUnderWayIsNoOthers() throws Exception {
        Claim claim = claim(0, 10);
        ledgerIsAt(0, 20); // the worker has not said so yet
        watch.look(List.of(claim));
        assertThat(inbox.poll()).isNull();

        claim.advance(at(0, 20));
        watch.look(List.of(claim));
        assertThat(inbox.poll()).isNull();

        ledgerIsAt(0, 30); // another instance's, which nobody tells of
        watch.look(List.of(claim));
        assertThat(inbox.poll()).isNull();
        watch.look(List.of(claim));
        assertThat(inbox.poll()).isEqualTo(new Report.Fenced(List.of(claim)));
    }

    @Test
    @DisplayName("case S5: a claim that ended, or moves during the look, is left alone")
    void whatMovesIsLeftAlone() throws Exception {
        Claim ended = claim(0, 10);
        Claim moves = claim(1, 10);
        database.execute("update cdc.ledger set next_offset = 5");
        ended.end();
        var racing =
                new LedgerWatch(
                        partitions -> {
                            moves.advance(at(1, 11));
                            return ledger.nextOffsets(partitions);
                        },
                        inbox);
        racing.look(List.of(ended, moves));
        assertThat(inbox.poll()).isNull();
    }
}
