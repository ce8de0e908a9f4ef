package dev.cdcpipeline.syncer.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;

import dev.cdcpipeline.model.Namespace;
import dev.cdcpipeline.model.Version;
import dev.cdcpipeline.model.wire.JsonSlice;
import dev.cdcpipeline.syncer.plan.Advance;
import dev.cdcpipeline.syncer.plan.BatchPlan;
import dev.cdcpipeline.syncer.plan.PartitionId;
import dev.cdcpipeline.syncer.plan.Progress;
import dev.cdcpipeline.syncer.plan.RowChange;
import dev.cdcpipeline.syncer.plan.SweepMark;
import dev.cdcpipeline.syncer.plan.TableChanges;
import dev.cdcpipeline.syncer.plan.Tally;
import dev.cdcpipeline.syncer.schema.TableConflictException;
import dev.cdcpipeline.syncer.schema.TableNames;
import dev.cdcpipeline.syncer.support.Database;
import dev.cdcpipeline.syncer.support.Servers;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** From which tables a sweep may delete; of topics of one partition each. */
class SweptTableTest {
    private static final Namespace ORDERS = new Namespace("db1", "orders");
    private static final Namespace OTHERS = new Namespace("db2", "orders");

    private final Database database = new Database(Servers.postgres(), "swept");
    private final HikariDataSource pool = BatchWriterPropertyTest.pool(database);
    private final LedgerStore ledger = new LedgerStore(pool, new Ledger("group"));

    @BeforeEach
    void prepare() throws SQLException {
        ledger.prepare();
    }

    @AfterEach
    void close() {
        pool.close();
    }

    /** An instance that was just started, and has seen no collection. */
    private final class Instance {
        final TableNames names = new TableNames("all", "{collection}", Map.of());
        final BatchWriter writer;

        Instance(SweepPolicy policy) {
            var tables = new Tables("group", OnDroppedTable.FAIL, names::owner);
            var sweeper = new Sweeper("group", policy, tables, topic -> 1, () -> {});
            writer =
                    new BatchWriter(
                            pool,
                            new Ledger("group"),
                            tables,
                            sweeper,
                            new DeletedRows("group", true, System::nanoTime),
                            50);
        }

        void insert(Namespace namespace) throws SQLException {
            byte[] json = "{}".getBytes(StandardCharsets.UTF_8);
            var row =
                    new RowChange.Upsert(
                            "row", new Version(1), new JsonSlice(json, 0, json.length), true);
            var changes = new TableChanges(names.of(namespace), List.of(), List.of(row));
            write(new PartitionId(UUID.randomUUID(), "t", 0), List.of(changes), List.of());
        }

        Outcome sweep(Namespace namespace) throws SQLException {
            var partition = new PartitionId(UUID.randomUUID(), "t", 0);
            var mark = new SweepMark(names.of(namespace), partition, new Version(9), true);
            return write(partition, List.of(), List.of(mark));
        }

        private Outcome write(
                PartitionId partition, List<TableChanges> changes, List<SweepMark> sweeps)
                throws SQLException {
            Progress from = ledger.open(partition, 0);
            var advance = new Advance(from, new Progress(partition, 1, null));
            return writer.write(
                    new BatchPlan(List.of(advance), changes, sweeps, List.of(), new Tally()));
        }
    }

    private Instance started() {
        return new Instance(SweepPolicy.MIRROR);
    }

    private List<String> rows() {
        return database.column("select _id from \"all\".orders order by 1");
    }

    @Test
    @DisplayName(
            "I3, 1.5: a sweep never deletes the rows of another collection, also after a start")
    void rowsOfAnotherCollectionStay() throws Exception {
        started().insert(ORDERS);

        Instance restarted = started();
        assertThatThrownBy(() -> restarted.sweep(OTHERS))
                .isInstanceOf(TableConflictException.class)
                .hasMessageContaining(
                        "The collections db1.orders and db2.orders would both go to the table"
                                + " all.orders");
        assertThat(rows()).containsExactly("row");
        assertThat(database.number("select sum(next_offset) from cdc.ledger")).isEqualTo(1);

        started().sweep(ORDERS);
        assertThat(rows()).isEmpty();
    }

    @Test
    @DisplayName("I3, 1.5: nor when the table was given to another while the instance ran")
    void rowsOfTheNextOwnerStay() throws Exception {
        Instance running = started();
        running.insert(ORDERS);
        database.execute("update cdc.target set collection = 'db2.orders'");

        assertThatThrownBy(() -> running.sweep(ORDERS)).isInstanceOf(TableConflictException.class);
        assertThat(rows()).containsExactly("row");
    }

    @Test
    @DisplayName("1.5: what sweeps are ignored for does not matter")
    void anIgnoredSweepIsNoConflict() throws Exception {
        started().insert(ORDERS);
        assertThat(new Instance(SweepPolicy.IGNORE).sweep(OTHERS))
                .isInstanceOf(Outcome.Written.class);
        assertThat(rows()).containsExactly("row");
    }

    @Test
    @DisplayName("1.5: a table made beforehand that a sweep meets first gets its version column")
    void aSweepMayBeTheFirstToMeetATable() throws Exception {
        database.execute(
                "create schema \"all\"",
                "create table \"all\".orders (_id text primary key, doc jsonb)",
                "insert into \"all\".orders values ('imported', '{}')");
        assertThat(started().sweep(ORDERS))
                .isInstanceOfSatisfying(
                        Outcome.Written.class,
                        written -> assertThat(written.tables().getFirst().swept()).isEqualTo(1));
        assertThat(rows()).isEmpty();
        assertThat(database.column("select collection from cdc.target"))
                .containsExactly("db1.orders");
    }

    @Test
    @DisplayName("8.1, 1.5: a sweep refuses a table that rows would be refused")
    void aSweepRefusesWhatRowsAreRefused() throws Exception {
        database.execute(
                "create schema \"all\"", "create table \"all\".orders (id int, status text)");
        assertThatThrownBy(() -> started().sweep(ORDERS))
                .isInstanceOf(TableShapeException.class)
                .hasMessageContaining("exists with the columns [id, status]");
    }

    @Test
    @DisplayName("1.5: a collection that never had a row has no table, and a sweep makes none")
    void aSweepMakesNoTable() throws Exception {
        assertThat(started().sweep(ORDERS)).isEqualTo(new Outcome.Written(List.of()));
        assertThat(database.column("select to_regclass('\"all\".orders')::text"))
                .containsOnlyNulls();
        assertThat(database.column("select collection from cdc.target")).isEmpty();
    }
}
