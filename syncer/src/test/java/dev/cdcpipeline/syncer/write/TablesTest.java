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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

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
    @DisplayName(
            "case S19: two groups never share a table for two collections, even if both begin at once")
    void aTableOfTwoGroupsIsOfOneCollection() throws Exception {
        var names = new TableNames("all", "{collection}", Map.of());
        var others = new TableNames("all", "{collection}", Map.of());
        try (var pool = pool(2);
                var threads = Executors.newFixedThreadPool(2)) {
            new LedgerStore(pool, new Ledger("group")).prepare();
            for (int round = 0; round < 10; round++) {
                TableName table = names.of(new Namespace("shop", "orders" + round));
                assertThat(others.of(new Namespace("other", "orders" + round))).isEqualTo(table);
                database.execute(
                        "create schema if not exists \"all\"",
                        "create table %s (_id text primary key, doc jsonb, _cdc_version bigint not null)"
                                .formatted(table.quoted()));
                var together = new CyclicBarrier(2);
                var one = threads.submit(() -> enter(pool, "one", names, table, together));
                var two = threads.submit(() -> enter(pool, "two", others, table, together));
                assertThat(List.of(one.get(), two.get()))
                        .containsOnlyOnce(Optional.empty())
                        .anySatisfy(
                                said ->
                                        assertThat(said.orElse(""))
                                                .contains("shop.orders", "other.orders")
                                                .contains("of the consumer group "));
                assertThat(enter(pool, "three", names, table, new CyclicBarrier(1)))
                        .isEqualTo(enter(pool, "four", names, table, new CyclicBarrier(1)));
            }
        }
    }

    /** What is said against it; empty if nothing. */
    private static Optional<String> enter(
            HikariDataSource pool,
            String group,
            TableNames names,
            TableName table,
            CyclicBarrier together)
            throws Exception {
        var tables = new Tables(group, OnDroppedTable.FAIL, names::owner);
        try (var connection = pool.getConnection()) {
            together.await();
            tables.ensure(connection, table);
            return Optional.empty();
        } catch (TableConflictException e) {
            return Optional.of(String.valueOf(e.getMessage()));
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
                "create unique index on \"all\".orders (_id, _cdc_version)",
                "alter table \"all\".orders add unique (_id) deferrable");
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

    /**
     * @param columns of a table that somebody made
     * @param says what is wrong with it, and a statement that mends it
     */
    record Unfit(String columns, String says, String remedy) {}

    private static Stream<Unfit> unfit() {
        return Stream.of(
                new Unfit(
                        "_id text primary key, doc text, _cdc_version bigint not null default 1",
                        "with the columns _id text, doc text, _cdc_version bigint,",
                        "ALTER TABLE \"all\".\"orders\" ALTER COLUMN doc TYPE jsonb USING doc::text::jsonb"),
                new Unfit(
                        "_id text primary key, doc json, _cdc_version bigint not null default 1",
                        "doc json,",
                        "ALTER TABLE \"all\".\"orders\" ALTER COLUMN doc TYPE jsonb USING doc::text::jsonb"),
                new Unfit(
                        "_id text primary key, doc document",
                        "doc document,",
                        "ALTER TABLE \"all\".\"orders\" ALTER COLUMN doc TYPE jsonb USING doc::text::jsonb"),
                new Unfit(
                        "_id text primary key, doc jsonb, _cdc_version int not null default 1",
                        "_cdc_version integer,",
                        "ALTER TABLE \"all\".\"orders\" ALTER COLUMN _cdc_version TYPE bigint"),
                new Unfit(
                        "_id char(24) primary key, doc jsonb",
                        "_id character(24),",
                        "ALTER TABLE \"all\".\"orders\" ALTER COLUMN _id TYPE text COLLATE \"C\""),
                new Unfit(
                        "_id varchar(24) primary key, doc jsonb", // which cuts blanks at the end
                        "_id character varying(24),",
                        "ALTER TABLE \"all\".\"orders\" ALTER COLUMN _id TYPE text COLLATE \"C\""),
                new Unfit(
                        "_id name primary key, doc json, _cdc_version int not null default 1",
                        "_id name, doc json, _cdc_version integer,",
                        "ALTER TABLE \"all\".\"orders\" ALTER COLUMN _id TYPE text COLLATE \"C\","
                                + " ALTER COLUMN doc TYPE jsonb USING doc::text::jsonb,"
                                + " ALTER COLUMN _cdc_version TYPE bigint"),
                new Unfit(
                        "_id text collate careless primary key, doc jsonb",
                        "_id text in a nondeterministic collation,",
                        "ALTER TABLE \"all\".\"orders\" ALTER COLUMN _id TYPE text COLLATE \"C\""),
                new Unfit(
                        "_id text primary key, doc jsonb, _cdc_version bigint",
                        "nullable",
                        "UPDATE \"all\".\"orders\" SET _cdc_version = 0 WHERE _cdc_version IS NULL;"
                                + " ALTER TABLE \"all\".\"orders\" ALTER COLUMN _cdc_version SET NOT NULL"));
    }

    @ParameterizedTest
    @MethodSource("unfit")
    @DisplayName("8.1, I3: a table of other types is refused with the statement that mends it")
    void aTableOfOtherTypesIsRefused(Unfit unfit) throws Exception {
        database.execute(
                "create schema \"all\"",
                "create domain document as jsonb",
                "create collation careless"
                        + " (provider = icu, locale = 'und-u-ks-level2', deterministic = false)",
                "create table \"all\".orders (" + unfit.columns() + ")",
                "insert into \"all\".orders (_id, doc) values ('x', '{\"a\": 1}')");
        var orders = new Namespace("shop", "orders");
        try (var pool = pool(1)) {
            new LedgerStore(pool, new Ledger("group")).prepare();
            assertThatThrownBy(() -> ensure(pool, orders))
                    .isInstanceOf(TableShapeException.class)
                    .hasMessageContaining("The table all.orders ")
                    .hasMessageContaining(unfit.says())
                    .hasMessageContaining(unfit.remedy());
            database.execute(unfit.remedy());
            ensure(pool, orders);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "_id text primary key, doc jsonb",
                "_id varchar collate \"und-x-icu\" primary key, doc jsonb not null, _cdc_version bigint not null",
                "n bigserial primary key, _id text unique, doc jsonb, at timestamptz default now()"
            })
    @DisplayName("8.1: a table of the right types is taken, with more columns than those too")
    void aTableOfTheRightTypesIsTaken(String columns) throws Exception {
        database.execute("create schema \"all\"", "create table \"all\".orders (" + columns + ")");
        try (var pool = pool(1)) {
            new LedgerStore(pool, new Ledger("group")).prepare();
            ensure(pool, new Namespace("shop", "orders"));
            assertThat(
                            database.column(
                                    "select attnotnull from pg_attribute where attname = '_cdc_version'"
                                            + " and attrelid = '\"all\".orders'::regclass"))
                    .containsExactly("t");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "create unlogged table \"all\".orders (_id text primary key, doc jsonb)",
                "create table \"all\".orders (_id text primary key, doc jsonb) partition by hash (_id);"
                        + " create unlogged table \"all\".part partition of \"all\".orders"
                        + " for values with (modulus 1, remainder 0)"
            })
    @DisplayName("8.1, I5: a table that a crash would empty is refused")
    void anUnloggedTableIsRefused(String table) throws Exception {
        database.execute("create schema \"all\"", table);
        try (var pool = pool(1)) {
            new LedgerStore(pool, new Ledger("group")).prepare();
            assertThatThrownBy(() -> ensure(pool, new Namespace("shop", "orders")))
                    .isInstanceOf(TableShapeException.class)
                    .hasMessageContaining("ALTER TABLE \"all\".\"orders\" SET LOGGED");
        }
    }

    @Test
    @DisplayName("8.1, I3: a key that takes different ids for one is refused, beside another too")
    void aKeyThatTakesIdsForOneIsRefused() throws Exception {
        database.execute(
                "create schema \"all\"",
                "create collation careless"
                        + " (provider = icu, locale = 'und-u-ks-level2', deterministic = false)",
                "create table \"all\".orders (_id text primary key, doc jsonb)",
                "create unique index same on \"all\".orders (_id collate careless)");
        try (var pool = pool(1)) {
            new LedgerStore(pool, new Ledger("group")).prepare();
            assertThatThrownBy(() -> ensure(pool, new Namespace("shop", "orders")))
                    .isInstanceOf(TableShapeException.class)
                    .hasMessageContaining("unique index")
                    .hasMessageContaining("nondeterministic collation");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "view, create view \"all\".orders as select * from \"all\".real",
        "materialized view, create materialized view \"all\".orders as select * from \"all\".real",
        "foreign table, 'create foreign table \"all\".orders (_id text, doc jsonb) server far'",
        "sequence, create sequence \"all\".orders"
    })
    @DisplayName("8.1: what is no table is refused, and said what it is")
    void whatIsNoTableIsRefused(String kind, String create) throws Exception {
        database.execute(
                "create schema \"all\"",
                "create table \"all\".real (_id text primary key, doc jsonb, _cdc_version bigint not null)",
                "create foreign data wrapper nothing",
                "create server far foreign data wrapper nothing",
                create);
        try (var pool = pool(1)) {
            new LedgerStore(pool, new Ledger("group")).prepare();
            assertThatThrownBy(() -> ensure(pool, new Namespace("shop", "orders")))
                    .isInstanceOf(TableShapeException.class)
                    .hasMessageContaining("all.orders exists, but is no table (" + kind + ")");
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
