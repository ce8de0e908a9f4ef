package dev.cdcpipeline.syncer.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;

import dev.cdcpipeline.model.Namespace;
import dev.cdcpipeline.syncer.schema.TableConflictException;
import dev.cdcpipeline.syncer.schema.TableName;
import dev.cdcpipeline.syncer.schema.TableNames;
import dev.cdcpipeline.syncer.support.Database;
import dev.cdcpipeline.syncer.support.Servers;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

class TablesTest {
    private static final int INSTANCES = 6;

    private final Database database = new Database(Servers.postgres(), "tables");

    private HikariDataSource pool(int size) {
        return database.pool(size, Map.of());
    }

    @Test
    @DisplayName("4.1: instances that start at once all find the tables that one of them makes")
    void tablesAreMadeByOneOfManyInstances() throws Exception {
        try (var pool = pool(INSTANCES);
                var threads = Executors.newFixedThreadPool(INSTANCES)) {
            for (int round = 0; round < 20; round++) {
                database.execute("drop schema if exists cdc cascade");
                var table = new TableName("s" + round, "t");
                var together = new CyclicBarrier(INSTANCES);
                var instances = new ArrayList<Future<?>>();
                for (int i = 0; i < INSTANCES; i++) {
                    instances.add(
                            threads.submit(
                                    () -> {
                                        together.await();
                                        start(pool, table);
                                        return true;
                                    }));
                }
                for (Future<?> instance : instances) {
                    assertThat(instance.get()).isEqualTo(true);
                }
                assertThat(database.number("select count(*) from cdc.target")).isEqualTo(1);
            }
        }
    }

    private static void start(HikariDataSource pool, TableName table) throws Exception {
        new LedgerStore(pool, new Ledger("group")).prepare();
        try (var connection = pool.getConnection()) {
            new Tables("group", OnDroppedTable.FAIL, name -> null).ensure(connection, table);
        }
    }

    @Test
    @DisplayName("I3: two collections never share a table, whichever instances apply them, ever")
    void aTableBelongsToOneCollection() throws Exception {
        var orders = new Namespace("shop", "orders");
        var others = new Namespace("other", "orders");
        try (var pool = pool(1)) {
            new LedgerStore(pool, new Ledger("group")).prepare();
            ensure(pool, orders);
            ensure(pool, orders);
            assertThatThrownBy(() -> ensure(pool, others))
                    .isInstanceOf(TableConflictException.class)
                    .hasMessageContaining(
                            "The collections shop.orders and other.orders would both go to the table"
                                    + " all.orders");
        }
    }

    @Test
    @DisplayName("8.1: a table without a key is refused, and what to do is said; any key will do")
    void aTableWithoutAKeyIsRefused() throws Exception {
        String columns = " (_id text, doc jsonb not null, _cdc_version bigint not null)";
        database.execute(
                "create schema \"all\"",
                "create table \"all\".orders" + columns,
                "create unique index on \"all\".orders (_id) where _id > 'x'",
                "create unique index on \"all\".orders (_id, _cdc_version)");
        var orders = new Namespace("shop", "orders");
        try (var pool = pool(1)) {
            new LedgerStore(pool, new Ledger("group")).prepare();
            assertThatThrownBy(() -> ensure(pool, orders))
                    .isInstanceOf(TableShapeException.class)
                    .hasMessageContaining("ALTER TABLE \"all\".\"orders\" ADD PRIMARY KEY (_id)");
            database.execute("create unique index on \"all\".orders (_id)");
            ensure(pool, orders);
            database.execute(
                    "create table \"all\".parts" + columns + " partition by list (_id)",
                    "alter table \"all\".parts add primary key (_id)");
            ensure(pool, new Namespace("shop", "parts"));
        }
    }

    /** As an instance does that was just started, and has not seen the other collection. */
    private static void ensure(HikariDataSource pool, Namespace namespace) throws Exception {
        var names = new TableNames("all", "{collection}", Map.of());
        var tables = new Tables("group", OnDroppedTable.FAIL, names::owner);
        try (var connection = pool.getConnection()) {
            tables.ensure(connection, names.of(namespace));
        }
    }
}
