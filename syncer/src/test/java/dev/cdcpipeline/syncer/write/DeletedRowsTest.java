package dev.cdcpipeline.syncer.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;

import dev.cdcpipeline.model.Version;
import dev.cdcpipeline.model.wire.JsonSlice;
import dev.cdcpipeline.syncer.plan.Advance;
import dev.cdcpipeline.syncer.plan.BatchPlan;
import dev.cdcpipeline.syncer.plan.Late;
import dev.cdcpipeline.syncer.plan.PartitionId;
import dev.cdcpipeline.syncer.plan.Progress;
import dev.cdcpipeline.syncer.plan.RowChange;
import dev.cdcpipeline.syncer.plan.SweepMark;
import dev.cdcpipeline.syncer.plan.TableChanges;
import dev.cdcpipeline.syncer.plan.Tally;
import dev.cdcpipeline.syncer.schema.TableName;
import dev.cdcpipeline.syncer.support.Database;
import dev.cdcpipeline.syncer.support.LogLines;
import dev.cdcpipeline.syncer.support.Servers;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/** Rows of a table that two partitions write to. */
class DeletedRowsTest {
    private static final TableName ORDERS = new TableName("shop", "orders");
    private static final int COPY_FROM = 50;

    private final Database database = new Database(Servers.postgres(), "deleted");
    private final HikariDataSource pool = database.pool(3, Map.of());
    private final UUID topic = UUID.randomUUID();
    private final PartitionId here = new PartitionId(topic, "topic", 0);
    private final PartitionId there = new PartitionId(topic, "topic", 1);
    private final AtomicLong nanos = new AtomicLong();

    @BeforeEach
    void prepare() throws SQLException {
        var ledger = new LedgerStore(pool, new Ledger("group"));
        ledger.prepare();
        ledger.open(here, 0);
        ledger.open(there, 0);
    }

    @AfterEach
    void close() {
        pool.close();
    }

    private BatchWriter writer(boolean remembers) {
        var tables = new Tables("group", OnDroppedTable.FAIL, table -> null);
        var sweeper = new Sweeper("group", SweepPolicy.MIRROR, tables, id -> 2, () -> {});
        return new BatchWriter(
                pool,
                new Ledger("group"),
                tables,
                sweeper,
                new DeletedRows("group", remembers, nanos::get),
                COPY_FROM);
    }

    private TableResult write(BatchStore store, PartitionId partition, TableChanges changes) {
        return write(store, partition, changes, List.of()).getFirst();
    }

    private List<TableResult> write(
            BatchStore store, PartitionId id, TableChanges changes, List<SweepMark> sweeps) {
        long at =
                database.number(
                        "select next_offset from cdc.ledger where partition = " + id.partition());
        var step = new Advance(new Progress(id, at, null), new Progress(id, at + 1, null));
        var plan = new BatchPlan(List.of(step), List.of(changes), sweeps, List.of(), new Tally());
        try {
            return switch (store.write(plan)) {
                case Outcome.Written written -> written.tables();
                case Outcome.Fenced fenced -> throw new AssertionError(fenced);
            };
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    private static TableChanges deletes(int count, long version) {
        return new TableChanges(
                ORDERS,
                IntStream.range(0, count)
                        .mapToObj(i -> new RowChange.Delete(key(i), new Version(version)))
                        .toList(),
                List.of());
    }

    private static TableChanges puts(int count, long version, @Nullable Late late) {
        return puts(0, count, version, late);
    }

    private static TableChanges put(int i, long version, Late late) {
        return puts(i, i + 1, version, late);
    }

    private static TableChanges puts(int from, int to, long version, @Nullable Late late) {
        byte[] json = "{\"value\": 1}".getBytes(StandardCharsets.UTF_8);
        return new TableChanges(
                ORDERS,
                List.of(),
                IntStream.range(from, to)
                        .mapToObj(
                                i ->
                                        new RowChange.Upsert(
                                                key(i),
                                                new Version(version),
                                                new JsonSlice(json, 0, json.length),
                                                true,
                                                late))
                        .toList());
    }

    private static String key(int i) {
        return "k%05d".formatted(i);
    }

    private Late anyhow(PartitionId partition) {
        return new Late(partition, false, false);
    }

    private long rows() {
        return database.number("select count(*) from shop.orders");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, COPY_FROM, 2_000})
    @DisplayName(
            "cases W2, S4, S9, I3: a late change is older than the delete of its row: refused and"
                    + " counted, whether or not the row was there, by any protocol, in any partition")
    void aLateChangeBringsNoRowBack(int count) {
        BatchWriter writer = writer(true);
        write(writer, here, puts(count, 5, null));
        assertThat(write(writer, here, deletes(count, 7)).deleted()).isEqualTo(count);
        write(writer, here, deletes(count, 6)); // of rows that are not there; an older one

        TableResult late = write(writer, there, puts(count, 6, new Late(there, false, true)));
        assertThat(late.stale()).isEqualTo(count);
        assertThat(late.inserted()).isZero();
        assertThat(rows()).isZero();

        // In a transaction a document may be deleted and inserted again.
        TableResult again = write(writer, there, puts(count, 7, anyhow(there)));
        assertThat(again.inserted()).isEqualTo(count);
        assertThat(again.undecided()).isZero();
        assertThat(write(writer, there, puts(count, 7, anyhow(there))).stale()).isEqualTo(count);
        assertThat(write(writer, there, puts(count, 9, anyhow(there))).overwritten())
                .isEqualTo(count);
    }

    @Test
    @DisplayName("case S9: of rows that are there and are not newer a late change is written")
    void aLateChangeOfARowIsWritten() {
        BatchWriter writer = writer(true);
        write(writer, here, puts(1, 5, null));
        assertThat(write(writer, here, puts(1, 6, anyhow(here))).overwritten()).isEqualTo(1);
        assertThat(write(writer, here, puts(1, 5, anyhow(here))).stale()).isEqualTo(1);
    }

    @Test
    @DisplayName("1.5, I3: a late change is older than a sweep of its partition: refused")
    void aLateChangeIsUnderTheSweepOfItsPartition() {
        BatchWriter writer = writer(true);
        var sweep = new SweepMark(ORDERS, here, new Version(8), true);
        write(writer, here, puts(1, 5, null), List.of(sweep));

        // Nor is it a change of which nothing is known, whatever was forgotten of other rows.
        database.execute("update cdc.target set forgotten = 100");
        TableResult late = write(writer, here, puts(2, 7, anyhow(here)));
        assertThat(late.stale()).isEqualTo(2);
        assertThat(late.undecided()).isZero();
        // The other partition is not past it; a copy comes after it; what is newer is no matter.
        assertThat(write(writer, there, puts(2, 6, anyhow(there))).stale()).isZero();
        assertThat(write(writer, here, puts(2, 7, new Late(here, true, false))).stale()).isZero();
        assertThat(write(writer, here, puts(2, 8, anyhow(here))).stale()).isZero();
    }

    @Test
    @DisplayName("1.5: the sweep of another group does not refuse a late change")
    void aSweepOfAnotherGroupIsNoMatter() {
        BatchWriter writer = writer(true);
        write(writer, here, puts(0, 5, null));
        for (String other : List.of("another", "other")) {
            database.execute(
                    "insert into cdc.sweep (consumer_group, topic_id, partition, table_schema,"
                            + " table_name, version) values ('%s', '%s', 0, 'shop', 'orders', 100)"
                                    .formatted(other, topic));
        }
        assertThat(write(writer, here, puts(1, 7, anyhow(here))).inserted()).isEqualTo(1);
    }

    @Test
    @DisplayName(
            "I3: a row that is deleted again is remembered from then on, and what is forgotten of an"
                    + " older one later does not undo what is known to be forgotten")
    void aRowThatIsDeletedAgainIsRememberedFromThenOn() {
        var store =
                new ForgettingStore(writer(true), pool, "group", Duration.ofHours(1), nanos::get);
        String age = "update cdc.deleted set applied_at = applied_at - interval '2 hours'";
        write(store, here, deletes(1, 7));
        database.execute(age);
        write(store, here, deletes(1, 9));
        nanos.addAndGet(Duration.ofSeconds(11).toNanos());
        write(store, here, puts(0, 1, null));
        assertThat(database.column("select version from cdc.deleted")).containsExactly("9");

        for (long version : List.of(9, 5)) {
            write(store, here, deletes(1, version));
            database.execute(age);
            nanos.addAndGet(Duration.ofSeconds(11).toNanos());
            write(store, here, puts(0, 1, null));
            assertThat(database.number("select count(*) from cdc.deleted")).isZero();
            assertThat(database.number("select forgotten from cdc.target")).isEqualTo(9);
        }
    }

    @Test
    @DisplayName("I7: a deleted row that another session has locked is left for the next time")
    void aLockedRowIsForgottenLater() throws Exception {
        var store =
                new ForgettingStore(writer(true), pool, "group", Duration.ofHours(1), nanos::get);
        write(store, here, deletes(2, 7));
        database.execute("update cdc.deleted set applied_at = 'epoch'");
        nanos.addAndGet(Duration.ofSeconds(11).toNanos());
        try (var threads = Executors.newVirtualThreadPerTaskExecutor();
                Connection other = database.connect();
                var statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute(
                    "select from cdc.deleted where _id = '%s' for update".formatted(key(0)));
            var write =
                    CompletableFuture.runAsync(() -> write(store, here, puts(0, 1, null)), threads);
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> write.isDone() || locksWaitedFor() > 0);
            assertThat(locksWaitedFor()).isZero();
            other.rollback();
            write.get();
        }
        assertThat(database.column("select _id from cdc.deleted")).containsExactly(key(0));
    }

    @Test
    @DisplayName(
            "I3: what was forgotten cannot be told from a first copy: it is written, said and"
                    + " counted; after syncer.tombstones a version is forgotten, with all of its age")
    void whatIsForgottenIsSaid() {
        var store =
                new ForgettingStore(writer(true), pool, "group", Duration.ofHours(1), nanos::get);
        write(store, here, deletes(15_000, 7));
        database.execute(
                "update cdc.deleted set applied_at = applied_at - interval '2 hours'"
                        + " where _id > '"
                        + key(99)
                        + "'");
        write(store, here, puts(0, 1, null));
        assertThat(database.number("select count(*) from cdc.deleted"))
                .as("looked at a moment ago")
                .isEqualTo(15_000);
        nanos.addAndGet(Duration.ofSeconds(11).toNanos());
        write(store, here, puts(0, 1, null));
        assertThat(database.number("select count(*) from cdc.deleted")).isEqualTo(5_000);
        write(store, here, puts(0, 1, null)); // at once, as there was more
        assertThat(database.number("select count(*) from cdc.deleted")).isEqualTo(100);
        assertThat(database.number("select forgotten from cdc.target")).isEqualTo(7);

        try (var log = new LogLines(DeletedRows.class.getName())) {
            TableResult late = write(store, here, puts(150, 6, anyhow(here)));
            assertThat(late.stale()).isEqualTo(100);
            assertThat(late.undecided()).isEqualTo(50);
            assertThat(late.inserted()).isEqualTo(50);
            assertThat(write(store, here, puts(100, 7, anyhow(here))).inserted())
                    .as("as new as its delete, which is remembered")
                    .isEqualTo(100);
            assertThat(write(store, here, puts(200, 8, anyhow(here))).undecided()).isZero();
            assertThat(write(store, here, puts(300, 7, anyhow(here))).undecided()).isEqualTo(100);
            assertThat(log.with("shop.orders")).hasSize(1);
            assertThat(log.with("shop.orders").getFirst())
                    .contains("shop.orders: 50 changes", "cdc verify");
            nanos.addAndGet(Duration.ofMinutes(2).toNanos());
            write(store, here, puts(301, 7, anyhow(here)));
            assertThat(log.with("shop.orders")).hasSize(2);
        }
    }

    @Test
    @DisplayName("syncer.tombstones: 0s keeps none, and asks for none")
    void nothingIsKeptWhereNothingIsToBe() {
        BatchWriter writer = writer(false);
        write(writer, here, puts(1, 5, null));
        assertThat(write(writer, here, deletes(1, 7)).deleted()).isEqualTo(1);
        assertThat(database.number("select count(*) from cdc.deleted")).isZero();
        TableResult late = write(writer, here, puts(1, 6, anyhow(here)));
        assertThat(late.inserted()).isEqualTo(1);
        assertThat(late.undecided()).isZero();
    }

    @Test
    @DisplayName("7.2, I3: what is not late is not asked for, and two groups forget each its own")
    void onlyWhatIsLateIsAskedFor() {
        BatchWriter writer = writer(true);
        write(writer, here, deletes(1, 7));
        assertThat(write(writer, here, puts(1, 6, null)).inserted()).isEqualTo(1);
        database.execute(
                "update cdc.deleted set applied_at = 'epoch'",
                "insert into cdc.target (consumer_group, table_schema, table_name)"
                        + " values ('another', 'shop', 'orders'), ('other', 'shop', 'orders')",
                "insert into cdc.deleted (target, _id, version, applied_at)"
                        + " select id, consumer_group, 1, 'epoch' from cdc.target"
                        + " where consumer_group <> 'group'");
        var store = new ForgettingStore(writer, pool, "group", Duration.ofHours(1), nanos::get);
        write(store, here, puts(0, 1, null));
        assertThat(database.column("select _id from cdc.deleted order by 1"))
                .containsExactly("another", "other");
    }

    @Test
    @DisplayName("a batch does not fail because what is to be forgotten cannot be")
    void aFailureToForgetIsNoFailureOfTheBatch() {
        var store =
                new ForgettingStore(writer(true), pool, "group", Duration.ofHours(1), nanos::get);
        write(store, here, puts(1, 1, null));
        nanos.addAndGet(Duration.ofMinutes(1).toNanos());
        database.execute(
                "create function cdc.refuse() returns trigger language plpgsql as $$"
                        + " begin raise exception 'no'; end $$",
                "create trigger refuse before delete on cdc.deleted for each statement"
                        + " execute function cdc.refuse()");
        assertThat(write(store, here, puts(1, 2, null)).overwritten()).isEqualTo(1);
    }

    @Test
    @DisplayName(
            "case W2, I3: a delete in one partition and a late change in another, at the same"
                    + " moment: the row is gone, whichever commits first")
    void aDeleteAndALateChangeSeeEachOther() throws Exception {
        BatchWriter writer = writer(true);
        write(writer, here, puts(1, 1, null));
        write(writer, here, deletes(1, 2));
        for (boolean deleteFirst : List.of(true, false)) {
            database.execute("truncate shop.orders, cdc.deleted");
            // The first one waits for this before its commit, with its rows written.
            database.execute(
                    "create or replace function shop.hold() returns trigger language plpgsql as $$"
                            + " begin perform pg_advisory_xact_lock_shared(4711); return null; end $$",
                    "drop trigger if exists hold on shop.orders",
                    "create trigger hold after "
                            + (deleteFirst ? "delete" : "insert")
                            + " on shop.orders for each statement execute function shop.hold()");
            TableChanges delete = deletes(1, 9);
            TableChanges put = puts(1, 8, anyhow(there));
            try (var threads = Executors.newVirtualThreadPerTaskExecutor();
                    Connection holder = database.connect();
                    var statement = holder.createStatement()) {
                holder.setAutoCommit(false);
                statement.execute("select pg_advisory_xact_lock(4711)");
                var first =
                        CompletableFuture.runAsync(
                                () ->
                                        write(
                                                writer,
                                                deleteFirst ? here : there,
                                                deleteFirst ? delete : put),
                                threads);
                awaitLocksWaitedFor(1);
                var second =
                        CompletableFuture.runAsync(
                                () ->
                                        write(
                                                writer,
                                                deleteFirst ? there : here,
                                                deleteFirst ? put : delete),
                                threads);
                awaitLocksWaitedFor(2);
                assertThat(second).isNotDone();
                holder.rollback();
                first.get();
                second.get();
            }
            assertThat(rows()).as("delete first: %s", deleteFirst).isZero();
        }
    }

    @Test
    @DisplayName(
            "case S3, I3: a late change that another partition commits between a delete and the look"
                    + " at what it did is no delete that did nothing: the rows go, and nothing stops")
    void aRowThatCameSinceIsNoDeleteThatDidNothing() throws Exception {
        BatchWriter writer = writer(true);
        write(writer, here, puts(4, 1, null));
        write(writer, here, deletes(4, 2));
        database.execute(
                "truncate cdc.deleted",
                "create sequence shop.held",
                "create function shop.hold() returns trigger language plpgsql as $$ begin"
                        + " perform pg_advisory_xact_lock_shared(nextval('shop.held'));"
                        + " return null; end $$",
                "create trigger hold after delete on shop.orders for each statement"
                        + " execute function shop.hold()");
        try (var threads = Executors.newVirtualThreadPerTaskExecutor();
                Connection holder = database.connect();
                var statement = holder.createStatement()) {
            statement.execute("select pg_advisory_lock(n) from generate_series(1, 4) n");
            var delete =
                    CompletableFuture.runAsync(() -> write(writer, here, deletes(4, 9)), threads);
            // What is refused is tried once more: something comes as often as it looks.
            for (int i = 0; i < 4; i++) {
                String held =
                        "select count(*) from pg_locks where locktype = 'advisory'"
                                + " and not granted and objid = %d and database = (select oid"
                                        .formatted(i + 1)
                                + " from pg_database where datname = current_database())";
                await().atMost(Duration.ofSeconds(30))
                        .until(() -> delete.isDone() || database.number(held) == 1);
                if (delete.isDone()) {
                    break;
                }
                TableChanges late = put(i, 8, new Late(there, false, true));
                var put = CompletableFuture.runAsync(() -> write(writer, there, late), threads);
                await().atMost(Duration.ofSeconds(30))
                        .until(() -> put.isDone() || locksWaitedFor() == 2);
                statement.execute("select pg_advisory_unlock(%d)".formatted(i + 1));
            }
            delete.get();
        }
        assertThat(database.column("select _id from shop.orders")).doesNotContain(key(0));
    }

    private void awaitLocksWaitedFor(int count) {
        await().atMost(Duration.ofSeconds(30)).until(() -> locksWaitedFor() == count);
    }

    private long locksWaitedFor() {
        return database.number(
                "select count(*) from pg_locks l join pg_stat_activity a using (pid)"
                        + " where not l.granted and a.datname = current_database()");
    }
}
