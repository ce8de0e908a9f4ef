package dev.cdcpipeline.syncer.write;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;

import dev.cdcpipeline.model.Position;
import dev.cdcpipeline.model.ResumeToken;
import dev.cdcpipeline.model.Version;
import dev.cdcpipeline.model.wire.StreamId;
import dev.cdcpipeline.syncer.plan.Advance;
import dev.cdcpipeline.syncer.plan.PartitionId;
import dev.cdcpipeline.syncer.plan.Progress;
import dev.cdcpipeline.syncer.plan.Stretch;
import dev.cdcpipeline.syncer.support.Database;
import dev.cdcpipeline.syncer.support.Servers;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** What the ledger keeps of what was surely applied. */
class LedgerStretchTest {
    private static final Position SINCE = position(7);
    private static final Position REACHED = position(9);

    private final Database database = new Database(Servers.postgres(), "stretch");
    private final HikariDataSource pool = database.pool(1, Map.of());
    private final PartitionId partition = new PartitionId(UUID.randomUUID(), "topic", 3);
    private final Ledger ledger = new Ledger("group");
    private final LedgerStore store = new LedgerStore(pool, ledger);

    private static Position position(int at) {
        return new Position(2, ResumeToken.ofBytes(new byte[] {(byte) 0x82, (byte) at}));
    }

    @AfterEach
    void close() {
        pool.close();
    }

    private Progress advance(long offset, @Nullable Stretch stretch) throws SQLException {
        Progress from = store.open(partition, 0);
        var to = new Progress(partition, offset, stretch, new Version(42), 5);
        try (var connection = pool.getConnection()) {
            assertThat(ledger.advance(connection, List.of(new Advance(from, to)))).isEmpty();
            connection.commit();
        }
        return to;
    }

    @Test
    @DisplayName("2.2 of the Syncer: what the ledger was told is read back, with and without gaps")
    void whatWasWrittenIsReadBack() throws Exception {
        store.prepare();
        assertThat(store.open(partition, 11).isNew()).isTrue();
        long offset = 11;
        for (Stretch stretch :
                List.of(
                        new Stretch(new StreamId(-5), SINCE, REACHED),
                        new Stretch(new StreamId(0), null, REACHED),
                        new Stretch(null, null, REACHED))) {
            Progress told = advance(++offset, stretch);
            assertThat(store.open(partition, 0)).isEqualTo(told);
        }
        Progress none = advance(++offset, null);
        assertThat(store.open(partition, 0)).isEqualTo(none);
        assertThat(none.isNew()).isFalse();
    }

    @Test
    @DisplayName(
            "case W3: a ledger that was moved, as a loss was accepted, by hand or by an older"
                    + " Syncer, does not say that anything was surely applied")
    void aMovedLedgerHasNoStretch() throws Exception {
        store.prepare();
        var stretch = new Stretch(new StreamId(1), SINCE, REACHED);
        var broken = new Stretch(new StreamId(1), null, REACHED);

        Progress moved = store.move(advance(10, stretch), 20);
        assertThat(moved)
                .isEqualTo(
                        new Progress(
                                partition, 20, broken, new Version(42), Progress.UNKNOWN_EPOCH));

        advance(30, stretch);
        database.execute("update cdc.ledger set next_offset = 31");
        assertThat(store.open(partition, 0).stretch()).isEqualTo(broken);
    }

    @Test
    @DisplayName("a ledger of an older version is altered, and says nothing for sure")
    void anOlderLedgerIsAltered() throws Exception {
        store.prepare();
        database.execute(
                "drop table cdc.deleted",
                "alter table cdc.ledger drop column stream, drop column since, drop column as_of,"
                        + " drop column newest_removal",
                "alter table cdc.target drop column id, drop column forgotten",
                "insert into cdc.target (consumer_group, table_schema, table_name)"
                        + " values ('group', 'shop', 'orders'), ('group', 'shop', 'items')",
                """
                insert into cdc.ledger (consumer_group, topic_id, partition, topic, next_offset,
                    generation, position, leader_epoch)
                values ('group', '%s', 3, 'topic', 7, 2, '\\x8209', 1)"""
                        .formatted(partition.topicId()));
        store.prepare();
        assertThat(store.open(partition, 0))
                .isEqualTo(
                        new Progress(
                                partition, 7, new Stretch(null, null, REACHED), Version.ZERO, 1));
        assertThat(database.number("select count(distinct id) from cdc.target")).isEqualTo(2);
        store.prepare(); // a second time there is nothing to do
    }
}
