package dev.cdcpipeline.syncer.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;

import dev.cdcpipeline.model.Version;
import dev.cdcpipeline.syncer.plan.PartitionId;
import dev.cdcpipeline.syncer.plan.SweepMark;
import dev.cdcpipeline.syncer.schema.TableName;
import dev.cdcpipeline.syncer.support.Database;
import dev.cdcpipeline.syncer.support.Servers;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/** Markers of a topic of two partitions. */
class SweeperTest {
    private static final TableName ORDERS = new TableName("shop", "orders");

    private final UUID topic = UUID.randomUUID();
    private final Database database = new Database(Servers.postgres(), "sweeper");
    private final HikariDataSource pool = BatchWriterPropertyTest.pool(database);

    @BeforeEach
    void threeRows() throws SQLException {
        new LedgerStore(pool, new Ledger("group")).prepare();
        database.execute(
                "create schema shop",
                "create table shop.orders (_id text primary key, doc jsonb, _cdc_version bigint)",
                "insert into shop.orders values ('old', '{}', 4), ('older', '{}', 1), ('new', '{}', 5)");
    }

    @AfterEach
    void close() {
        pool.close();
    }

    private Sweeper sweeper(SweepPolicy policy) {
        var tables = new Tables("group", OnDroppedTable.FAIL, table -> null);
        return new Sweeper("group", policy, tables, topic -> 2, () -> {});
    }

    private long arrive(Sweeper sweeper, Connection transaction, int partition) {
        var id = new PartitionId(topic, "topic", partition);
        try {
            return sweeper.arrived(transaction, new SweepMark(ORDERS, id, new Version(5), true));
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    private List<String> rows() {
        return database.column("select _id from shop.orders order by 1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"read committed", "repeatable read", "serializable"})
    @DisplayName("1.5, I3: when the last two partitions arrive at once, the later one sweeps")
    void oneOfTwoThatAreLastSweeps(String isolation) throws Exception {
        database.execute(
                "alter database %s set default_transaction_isolation = '%s'"
                        .formatted(database.quotedName(), isolation));
        Sweeper sweeper = sweeper(SweepPolicy.MIRROR);
        try (var sessions = BatchWriterPropertyTest.pool(database);
                var one = sessions.getConnection();
                var other = sessions.getConnection();
                var ledger = other.createStatement()) {
            ledger.execute("update cdc.ledger set next_offset = 1"); // as each batch begins
            assertThat(arrive(sweeper, one, 0)).isZero();
            var later = CompletableFuture.supplyAsync(() -> arrive(sweeper, other, 1));
            await().until(() -> later.isDone() || waitsForTheFirst());

            one.commit();

            assertThat(later.join()).isEqualTo(2);
            other.commit();
        }
        assertThat(rows()).containsExactly("new");
    }

    private boolean waitsForTheFirst() {
        return database.number(
                        "select count(*) from pg_stat_activity where datname = current_database()"
                                + " and wait_event_type = 'Lock' and wait_event = 'advisory'")
                == 1;
    }

    @Test
    @DisplayName("1.5: a marker whose transaction is rolled back has not arrived")
    void aMarkerThatIsRolledBackDoesNotCount() throws Exception {
        Sweeper sweeper = sweeper(SweepPolicy.MIRROR);
        try (var transaction = pool.getConnection()) {
            arrive(sweeper, transaction, 0);
            transaction.rollback();
            assertThat(arrive(sweeper, transaction, 1)).isZero();
            transaction.commit();
            assertThat(rows()).hasSize(3);

            assertThat(arrive(sweeper, transaction, 0)).isEqualTo(2);
            transaction.commit();
        }
        assertThat(rows()).containsExactly("new");
    }

    @Test
    @DisplayName("1.5: with the policy ignore all rows stay, and no marker is noted")
    void ignoresMarkers() throws Exception {
        Sweeper sweeper = sweeper(SweepPolicy.IGNORE);
        try (var transaction = pool.getConnection()) {
            assertThat(arrive(sweeper, transaction, 0)).isZero();
            assertThat(arrive(sweeper, transaction, 1)).isZero();
            transaction.commit();
        }
        assertThat(rows()).hasSize(3);
        assertThat(database.number("select count(*) from cdc.sweep")).isZero();
    }
}
