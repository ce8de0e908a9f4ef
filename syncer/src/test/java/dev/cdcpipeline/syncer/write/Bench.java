package dev.cdcpipeline.syncer.write;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;

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

import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/** A writer whose role is no superuser, with a table {@code shop.orders} that is another's. */
final class Bench implements AutoCloseable {
    static final TableName ORDERS = new TableName("shop", "orders");
    static final String TABLE =
            "create table shop.orders (_id text collate \"C\" primary key, doc jsonb not null,"
                    + " _cdc_version bigint not null)";
    private static final int COPY_FROM = 50;
    private static final String GROUP = "group";

    final Database database;
    final String role;
    final HikariDataSource pool;
    final LedgerStore ledger;
    final BatchWriter writer;

    private final PartitionId partition = new PartitionId(UUID.randomUUID(), "topic", 0);
    private final AtomicLong nanoTime = new AtomicLong();
    private long offset;

    /**
     * @param table statements that make the table, and what is done to it
     */
    Bench(String name, String... table) throws SQLException {
        database = new Database(Servers.postgres(), name);
        role = name + UUID.randomUUID().toString().substring(0, 8);
        database.execute(
                "create role %s login".formatted(role),
                "grant create, temporary on database %s to %s"
                        .formatted(database.quotedName(), role),
                "create schema shop",
                "grant all on schema shop to " + role,
                "alter default privileges grant select, insert, update, delete on tables to "
                        + role);
        database.execute(table);
        pool = database.pool(role);
        var tables = new Tables(GROUP, OnDroppedTable.FAIL, any -> null, nanoTime::get);
        var sweeper = new Sweeper(GROUP, SweepPolicy.MIRROR, tables, topic -> 1, () -> {});
        var deleted = new DeletedRows(GROUP, true, nanoTime::get);
        writer = new BatchWriter(pool, new Ledger(GROUP), tables, sweeper, deleted, COPY_FROM);
        ledger = new LedgerStore(pool, new Ledger(GROUP));
        ledger.prepare();
        ledger.open(partition, 0);
    }

    /** As if so long had passed. */
    void pass(Duration time) {
        nanoTime.addAndGet(time.toNanos());
    }

    /** Inserts, as Kafka brings them: by statements if they are few, by COPY if they are many. */
    void insert(int from, int to) throws SQLException {
        upsert(from, to, 1, true);
    }

    void upsert(int from, int to, long version, boolean likelyNew) throws SQLException {
        byte[] json = "{\"value\": 1}".getBytes(StandardCharsets.UTF_8);
        var slice = new JsonSlice(json, 0, json.length);
        write(
                List.of(),
                IntStream.range(from, to)
                        .mapToObj(
                                i ->
                                        new RowChange.Upsert(
                                                key(i), new Version(version), slice, likelyNew))
                        .toList());
    }

    void delete(int from, int to, long version) throws SQLException {
        write(
                IntStream.range(from, to)
                        .mapToObj(i -> new RowChange.Delete(key(i), new Version(version)))
                        .toList(),
                List.of());
    }

    private static String key(int i) {
        return "k%05d".formatted(i);
    }

    private void write(List<RowChange.Delete> deletes, List<RowChange.Upsert> upserts)
            throws SQLException {
        apply(List.of(new TableChanges(ORDERS, deletes, upserts)), List.of());
    }

    /** A drop of the collection: rows below the version are to go. */
    void sweep(long version) throws SQLException {
        apply(List.of(), List.of(new SweepMark(ORDERS, partition, new Version(version), true)));
    }

    private void apply(List<TableChanges> tables, List<SweepMark> sweeps) throws SQLException {
        var step =
                new Advance(
                        new Progress(partition, offset, null),
                        new Progress(partition, offset + 1, null));
        var plan = new BatchPlan(List.of(step), tables, sweeps, List.of(), new Tally());
        assertThat(writer.write(plan)).isInstanceOf(Outcome.Written.class);
        offset++;
    }

    /** The keys of the rows with their versions. */
    Map<String, String> rows() {
        return database.map("select _id, _cdc_version from shop.orders");
    }

    /** The ledger is where the last batch that went through has left it. */
    void assertLedgerHasNotMoved() {
        assertThat(database.number("select next_offset from cdc.ledger")).isEqualTo(offset);
    }

    @Override
    public void close() {
        pool.close();
    }
}
