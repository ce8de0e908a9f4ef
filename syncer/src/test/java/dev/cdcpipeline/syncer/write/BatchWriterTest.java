package dev.cdcpipeline.syncer.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

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
import dev.cdcpipeline.syncer.schema.TableName;
import dev.cdcpipeline.syncer.support.Database;
import dev.cdcpipeline.syncer.support.Servers;
import dev.cdcpipeline.testkit.Gen;
import dev.cdcpipeline.testkit.Property;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

import javax.sql.DataSource;

class BatchWriterTest {
    private static final int COPY_FROM = 50;
    private static final TableName ORDERS = new TableName("shop", "orders");

    private static List<RowChange.Upsert> upserts(int from, int to, long version, boolean fresh) {
        var upserts = new ArrayList<RowChange.Upsert>();
        for (int i = from; i < to; i++) {
            JsonSlice json = json("{\"value\": %d}".formatted(i));
            upserts.add(
                    new RowChange.Upsert("k%07d".formatted(i), new Version(version), json, fresh));
        }
        return upserts;
    }

    /** Other documents than {@link #upserts} makes. */
    private static List<RowChange.Upsert> others(int from, int to, long version) {
        return upserts(from, to, version, false).stream()
                .map(
                        each ->
                                new RowChange.Upsert(
                                        each.key(), each.version(), json("{\"value\": -1}"), false))
                .toList();
    }

    /** Not at the start of its array, nor up to its end, as in a message. */
    private static JsonSlice json(String text) {
        byte[] message = ("before" + text + "after").getBytes(StandardCharsets.UTF_8);
        return new JsonSlice(message, "before".length(), message.length - "after".length());
    }

    /** One partition of one topic and a writer. */
    private static final class Fixture implements AutoCloseable {
        final Database database;
        final com.zaxxer.hikari.HikariDataSource pool;
        final BatchWriter writer;
        final PartitionId partition = new PartitionId(UUID.randomUUID(), "topic", 0);
        private long offset;

        Fixture(String name) throws Exception {
            database = new Database(Servers.postgres(), name);
            pool = BatchWriterPropertyTest.pool(database);
            writer = writer(pool);
            var store = new LedgerStore(pool, new Ledger("group"));
            store.prepare();
            store.open(partition, 0);
        }

        private static BatchWriter writer(DataSource pool) {
            var tables = new Tables("group", OnDroppedTable.FAIL, table -> null);
            var sweeper = new Sweeper("group", SweepPolicy.MIRROR, tables, topic -> 1, () -> {});
            return new BatchWriter(
                    pool,
                    new Ledger("group"),
                    tables,
                    sweeper,
                    new DeletedRows("group", true, System::nanoTime),
                    COPY_FROM);
        }

        TableResult write(List<RowChange.Delete> deletes, List<RowChange.Upsert> upserts)
                throws Exception {
            return write(List.of(new TableChanges(ORDERS, deletes, upserts))).getFirst();
        }

        List<TableResult> write(List<TableChanges> tables) throws Exception {
            var from = new Progress(partition, offset, null);
            var to = new Progress(partition, ++offset, null);
            var plan =
                    new BatchPlan(
                            List.of(new Advance(from, to)),
                            tables,
                            List.of(),
                            List.of(),
                            new Tally());
            return switch (writer.write(plan)) {
                case Outcome.Written written -> written.tables();
                case Outcome.Fenced fenced -> throw new AssertionError(fenced);
            };
        }

        TableResult writeUnchecked(List<RowChange.Upsert> upserts) {
            try {
                return write(List.of(), upserts);
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }

        /**
         * Overwrites ten rows and adds 190 while another session has done something to one of them,
         * and commits when the merge waits for it.
         */
        TableResult mergeBeside(String rivalry) throws Exception {
            write(List.of(), upserts(0, 10, 1, true));
            try (var rival = pool.getConnection();
                    var statement = rival.createStatement()) {
                statement.execute(rivalry);
                var written =
                        CompletableFuture.supplyAsync(
                                () -> writeUnchecked(upserts(0, 200, 2, false)));
                await().until(
                                () ->
                                        database.number(
                                                        "select count(*) from pg_stat_activity"
                                                                + " where wait_event_type = 'Lock'"
                                                                + " and query like '%cdc_stage%'")
                                                == 1);
                rival.commit();
                return written.get();
            }
        }

        void assertAllAreNew() {
            assertThat(database.number("select count(*) from shop.orders where _cdc_version = 2"))
                    .isEqualTo(200);
        }

        /** Over a pooled connection, as opening one takes longer than all the rest. */
        void truncate() throws Exception {
            try (var connection = pool.getConnection();
                    var statement = connection.createStatement()) {
                statement.execute("delete from shop.orders");
                connection.commit();
            }
        }

        @Override
        public void close() {
            pool.close();
        }
    }

    @Test
    @DisplayName("7.2, 7.4 Property 15: the number of rows decides between statements and COPY")
    void theNumberOfRowsDecidesTheProtocol() throws Exception {
        try (var fixture = new Fixture("protocols")) {
            var next = new int[1];
            Property.forAll(
                    Gen.ints(1, 2 * COPY_FROM),
                    count -> {
                        var rows = upserts(next[0], next[0] + count, 1, true);
                        next[0] += count;
                        TableResult result = fixture.write(List.of(), rows);
                        assertThat(result.protocol())
                                .isEqualTo(
                                        count < COPY_FROM ? Protocol.UNNEST : Protocol.DIRECT_COPY);
                        assertThat(result.inserted()).isEqualTo((long) count);
                    });
            assertThat(fixture.database.number("select count(*) from shop.orders"))
                    .isEqualTo(next[0]);
        }
    }

    @Test
    @DisplayName("7.4, I2: tables of one batch that go by staging get their own rows, each")
    void stagedTablesOfABatchGetTheirOwnRows() throws Exception {
        try (var fixture = new Fixture("several")) {
            var items = new TableName("shop", "items");
            var users = new TableName("shop", "users");
            for (int version = 1; version <= 2; version++) {
                fixture.write(
                        List.of(
                                new TableChanges(items, List.of(), upserts(0, 100, version, false)),
                                new TableChanges(
                                        ORDERS, List.of(), upserts(100, 110, version, false)),
                                new TableChanges(
                                        users, List.of(), upserts(200, 300, version, false))));
            }
            assertThat(fixture.database.values("shop.items").keySet()).isEqualTo(keys(0, 100));
            assertThat(fixture.database.values("shop.orders").keySet()).isEqualTo(keys(100, 110));
            assertThat(fixture.database.values("shop.users").keySet()).isEqualTo(keys(200, 300));
        }
    }

    private static Set<String> keys(int from, int to) {
        return upserts(from, to, 1, false).stream()
                .map(RowChange.Upsert::key)
                .collect(Collectors.toSet());
    }

    @Test
    @DisplayName("Property 15: rows that were there after all go by staging, and soon at once")
    void rowsThatWereThereGoByStaging() throws Exception {
        try (var fixture = new Fixture("collisions")) {
            fixture.write(List.of(), upserts(0, 20_000, 1, true));
            for (int round = 2; round < 8; round++) {
                TableResult result = fixture.write(List.of(), upserts(5_000, 25_000, round, true));
                assertThat(result.protocol()).isEqualTo(Protocol.STAGED_COPY);
                assertThat(result.overwritten()).isEqualTo(round == 2 ? 15_000 : 20_000);
            }
            assertThat(fixture.database.number("select count(*) from shop.orders"))
                    .isEqualTo(25_000);
        }
    }

    @Test
    @DisplayName(
            "A rollback as the first thing on a connection leaves the session as it was set up")
    void aFirstRollbackLeavesTheSessionAsItWas() throws Exception {
        try (var fixture = new Fixture("rollbacks")) {
            fixture.write(List.of(), upserts(0, 100, 1, true));
            fixture.pool.getHikariPoolMXBean().softEvictConnections();

            TableResult result = fixture.write(List.of(), upserts(0, 100, 2, true));

            assertThat(result.protocol()).isEqualTo(Protocol.STAGED_COPY);
            assertThat(result.overwritten()).isEqualTo(100);
            try (var connection = fixture.pool.getConnection();
                    var statement = connection.createStatement();
                    var row = statement.executeQuery("show enable_seqscan")) {
                row.next();
                assertThat(row.getString(1)).isEqualTo("off");
            }
        }
    }

    @Test
    @DisplayName("7.2: a row that another program inserts during a merge is overwritten")
    void aRivalsRowIsOverwritten() throws Exception {
        try (var fixture = new Fixture("rivals")) {
            TableResult result =
                    fixture.mergeBeside("insert into shop.orders values ('k0000100', '{}', 0)");
            assertThat(result.overwritten()).isEqualTo(11);
            assertThat(result.inserted()).isEqualTo(189);
            fixture.assertAllAreNew();
        }
    }

    @Test
    @DisplayName("1.5, 7.2: a row that a sweep deletes during a merge is there after it")
    void aRowDeletedMeanwhileIsInserted() throws Exception {
        try (var fixture = new Fixture("sweepers")) {
            TableResult result =
                    fixture.mergeBeside("delete from shop.orders where _id = 'k0000005'");
            assertThat(result.overwritten()).isEqualTo(9);
            assertThat(result.inserted()).isEqualTo(191);
            fixture.assertAllAreNew();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "collate \"C\"", "collate \"und-x-icu\""})
    @DisplayName("7.1: a merge finds rows by the key's index, whatever its collation")
    void aMergeUsesTheIndex(String collation) throws Exception {
        try (var fixture = new Fixture("index-" + collation.length());
                var connection = fixture.pool.getConnection();
                var statement = connection.createStatement()) {
            assumeThat(connection.getMetaData().getDatabaseMajorVersion())
                    .as("older servers are given an upsert")
                    .isGreaterThanOrEqualTo(17);
            statement.execute(
                    "create table public.orders (_id text %s primary key, doc jsonb, _cdc_version bigint)"
                            .formatted(collation));
            var plan = new StringBuilder();
            try (var lines =
                    statement.executeQuery(
                            "explain " + CopyRows.MERGE.replace("$table", "public.orders"))) {
                while (lines.next()) {
                    plan.append(lines.getString(1)).append('\n');
                }
            }
            assertThat(plan).contains("Index Scan using orders_pkey on orders t");
        }
    }

    @Test
    @DisplayName("8.4 Property 18: rows inserted, overwritten, deleted and too old are counted")
    void everyRowIsCounted() throws Exception {
        try (var fixture = new Fixture("counts")) {
            Property.forAll(
                    Gen.ints(1, 3 * COPY_FROM),
                    count -> {
                        fixture.write(List.of(), List.of());
                        fixture.truncate();
                        fixture.write(List.of(), upserts(0, count, 5, true));
                        TableResult newer = fixture.write(List.of(), upserts(0, count, 6, false));
                        assertThat(newer.overwritten()).isEqualTo((long) count);
                        TableResult half =
                                fixture.write(List.of(), upserts(count / 2, 2 * count, 6, false));
                        assertThat(half.overwritten()).isZero(); // 8.2: they are the same
                        assertThat(half.stale()).isEqualTo((long) count - count / 2);
                        assertThat(half.inserted()).isEqualTo((long) count);
                        TableResult same = fixture.write(List.of(), others(0, count, 6));
                        assertThat(same.overwritten()).isEqualTo((long) count);
                        TableResult older = fixture.write(List.of(), upserts(0, count, 5, false));
                        assertThat(older.stale()).isEqualTo((long) count);
                        assertThat(older.overwritten() + older.inserted()).isZero();
                        var delete = new RowChange.Delete("k0000000", new Version(9));
                        var late = new RowChange.Delete("k0000001", new Version(1));
                        TableResult deletes = fixture.write(List.of(delete, late), List.of());
                        assertThat(deletes.deleted()).isEqualTo(1);
                        assertThat(deletes.stale()).isEqualTo(1);
                    });
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 1_000})
    @DisplayName("8.1, 8.4: a partitioned table is written like any other, and counted like one")
    void aPartitionedTableIsWritten(int count) throws Exception {
        try (var fixture = new Fixture("partitioned")) {
            fixture.database.execute(
                    "create schema shop",
                    "create table shop.orders (_id text collate \"C\" primary key, doc jsonb not null,"
                            + " _cdc_version bigint not null) partition by hash (_id)",
                    "create table shop.orders0 partition of shop.orders for values with (modulus 2, remainder 0)",
                    "create table shop.orders1 partition of shop.orders for values with (modulus 2, remainder 1)");
            TableResult inserted = fixture.write(List.of(), upserts(0, count, 1, true));
            assertThat(inserted.inserted()).isEqualTo(count);
            assertThat(inserted.overwritten()).isZero();
            TableResult collided = fixture.write(List.of(), upserts(0, count, 2, true));
            assertThat(collided.overwritten()).isEqualTo(count);
            TableResult merged = fixture.write(List.of(), upserts(0, 2 * count, 3, false));
            assertThat(merged.overwritten()).isEqualTo(count);
            assertThat(merged.inserted()).isEqualTo(count);
            assertThat(fixture.write(List.of(), upserts(0, count, 2, false)).stale())
                    .isEqualTo(count);
            assertThat(fixture.database.values("shop.orders").keySet())
                    .isEqualTo(keys(0, 2 * count));
            TableResult deleted = fixture.write(deletes(0, count, 3), List.of());
            assertThat(deleted.deleted()).isEqualTo(count);
            assertThat(fixture.database.values("shop.orders").keySet())
                    .isEqualTo(keys(count, 2 * count));
        }
    }

    private static List<RowChange.Delete> deletes(int from, int to, long version) {
        return upserts(from, to, version, false).stream()
                .map(upsert -> new RowChange.Delete(upsert.key(), upsert.version()))
                .toList();
    }

    @Test
    @DisplayName("7.4: an overwrite does not make up for duplicate keys: each detour is longer")
    void onlyWhatWentStraightClosesADetour() throws Exception {
        try (var fixture = new Fixture("detours")) {
            fixture.write(List.of(), upserts(0, COPY_FROM, 1, true));
            fixture.write(List.of(), upserts(0, COPY_FROM, 2, true));
            fixture.write(List.of(), upserts(0, COPY_FROM, 3, false));
            fixture.write(List.of(), upserts(0, COPY_FROM, 4, false));
            fixture.write(List.of(), upserts(0, COPY_FROM, 5, true));
            var protocols = new ArrayList<Protocol>();
            for (int i = 1; i <= 4; i++) {
                var rows = upserts(i * COPY_FROM, (i + 1) * COPY_FROM, 1, true);
                protocols.add(fixture.write(List.of(), rows).protocol());
            }
            assertThat(protocols)
                    .containsExactly(
                            Protocol.STAGED_COPY,
                            Protocol.STAGED_COPY,
                            Protocol.DIRECT_COPY,
                            Protocol.DIRECT_COPY);
        }
    }

    @Test
    @DisplayName(
            "7.4: a stage that nothing went through is not emptied, which would make new files")
    void anUnusedStageIsLeftAlone() throws Exception {
        try (var fixture = new Fixture("unstaged")) {
            var users = new TableName("shop", "users");
            String emptied =
                    "select count(*) from pg_class where relname = 'cdc_stage' and relfilenode <> oid";
            fixture.write(
                    List.of(
                            new TableChanges(ORDERS, List.of(), upserts(0, 100, 1, true)),
                            new TableChanges(users, List.of(), upserts(0, 100, 1, true))));
            assertThat(fixture.database.number(emptied)).isZero();
            var mixed = new ArrayList<>(upserts(100, 200, 1, true));
            mixed.addAll(upserts(0, 10, 2, false));
            fixture.write(
                    List.of(
                            new TableChanges(ORDERS, List.of(), mixed),
                            new TableChanges(users, List.of(), upserts(100, 200, 2, false))));
            assertThat(fixture.database.number(emptied)).isEqualTo(1);
            assertThat(fixture.database.values("shop.users").keySet()).isEqualTo(keys(0, 200));
        }
    }

    @Test
    @DisplayName("Invariant I4: a batch whose ledger somebody moved leaves nothing behind")
    void aFencedBatchLeavesNothingBehind() throws Exception {
        try (var fixture = new Fixture("fences")) {
            fixture.write(List.of(), upserts(0, 10, 1, true));
            fixture.database.execute("update cdc.ledger set next_offset = next_offset + 7");
            var from = new Progress(fixture.partition, 1, null);
            var plan =
                    new BatchPlan(
                            List.of(new Advance(from, new Progress(fixture.partition, 2, null))),
                            List.of(new TableChanges(ORDERS, List.of(), upserts(0, 500, 2, false))),
                            List.of(),
                            List.of(),
                            new Tally());
            assertThat(fixture.writer.write(plan))
                    .isEqualTo(new Outcome.Fenced(Set.of(fixture.partition)));
            assertThat(fixture.database.number("select max(_cdc_version) from shop.orders"))
                    .isEqualTo(1);
        }
    }

    @Test
    @DisplayName("1.5: a sweep of a whole table may take longer than statements and answers may")
    void aSweepOutlastsTheTimeouts() throws Exception {
        try (var fixture = new Fixture("sweeps")) {
            fixture.write(List.of(), upserts(0, 10, 1, true));
            fixture.database.execute(
                    "create function shop.slowly() returns trigger language plpgsql as $$"
                            + " begin perform pg_sleep(1.5); return null; end $$",
                    "create trigger slowly before delete on shop.orders for each statement"
                            + " execute function shop.slowly()",
                    "alter database %s set statement_timeout = '200ms'"
                            .formatted(fixture.database.quotedName()));
            fixture.pool.getHikariPoolMXBean().softEvictConnections();
            var mark = new SweepMark(ORDERS, fixture.partition, new Version(2), true);
            var to = new Progress(fixture.partition, 2, null);
            var plan =
                    new BatchPlan(
                            List.of(new Advance(new Progress(fixture.partition, 1, null), to)),
                            List.of(),
                            List.of(mark),
                            List.of(),
                            new Tally());

            try (var impatient = fixture.database.pool(1, Map.of("socketTimeout", "1"))) {
                assertThat(Fixture.writer(impatient).write(plan))
                        .isInstanceOf(Outcome.Written.class);
                try (Connection next = impatient.getConnection()) {
                    assertThat(next.getNetworkTimeout()).isEqualTo(1_000);
                }
            }
            assertThat(fixture.database.number("select count(*) from shop.orders")).isZero();
        }
    }

    @Test
    @DisplayName("Documents of 16 MB and 1,600 fields are stored")
    void largeDocumentsAreStored() throws Exception {
        try (var fixture = new Fixture("large")) {
            var json = new StringBuilder("{\"text\":\"" + "x".repeat(16 << 20) + "\"");
            for (int i = 0; i < 1_600; i++) {
                json.append(",\"f").append(i).append("\":").append(i);
            }
            JsonSlice large = json(json.append('}').toString());
            var rows = new ArrayList<>(upserts(1, COPY_FROM + 1, 1, true));
            rows.addFirst(new RowChange.Upsert("k0000000", new Version(1), large, true));
            fixture.write(List.of(), rows);
            fixture.write(
                    List.of(),
                    List.of(new RowChange.Upsert("k0000000", new Version(2), large, false)));
            assertThat(
                            fixture.database.number(
                                    "select length(doc->>'text') from shop.orders where _id = 'k0000000'"))
                    .isEqualTo(16 << 20);
        }
    }
}
