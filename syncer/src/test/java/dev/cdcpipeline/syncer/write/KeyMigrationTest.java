package dev.cdcpipeline.syncer.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;

import dev.cdcpipeline.model.DocumentKey;
import dev.cdcpipeline.model.RawDocument;
import dev.cdcpipeline.syncer.schema.RowKey;
import dev.cdcpipeline.syncer.schema.TableName;
import dev.cdcpipeline.syncer.support.Database;
import dev.cdcpipeline.syncer.support.FormerKeys;
import dev.cdcpipeline.syncer.support.Servers;
import dev.cdcpipeline.testkit.BsonGen;
import dev.cdcpipeline.testkit.Gen;
import dev.cdcpipeline.testkit.Property;

import org.bson.BsonDecimal128;
import org.bson.BsonDocument;
import org.bson.BsonDouble;
import org.bson.BsonInt32;
import org.bson.BsonInt64;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.bson.types.Decimal128;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.random.RandomGenerator;

class KeyMigrationTest {
    private static final TableName ORDERS = new TableName("shop", "orders");
    private static final String C =
            "create table shop.orders (_id text collate \"C\" primary key, doc jsonb not null, _cdc_version bigint not null)";
    private static final String FORM =
            "select key_form from cdc.target where table_name = 'orders'";

    private final Database database = new Database(Servers.postgres(), "keys");

    /** A row as an older version left it. */
    private record Old(BsonValue id, long version) {}

    @BeforeEach
    void makeOwnTables() throws Exception {
        try (var pool = database.pool(1, Map.of())) {
            new LedgerStore(pool, new Ledger("group")).prepare();
        }
        database.execute("create schema shop");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                C,
                "create table shop.orders (_id text primary key, doc jsonb, _cdc_version bigint not null)",
                "create table shop.orders (_id varchar collate \"und-x-icu\" primary key, doc jsonb, _cdc_version bigint not null,"
                        + " at timestamptz default now())",
                "create table shop.orders (_id text collate \"C\" primary key, doc jsonb, _cdc_version bigint not null)"
                        + " partition by hash (_id);"
                        + " create table shop.p0 partition of shop.orders for values with (modulus 2, remainder 0);"
                        + " create table shop.p1 partition of shop.orders for values with (modulus 2, remainder 1)"
            })
    @DisplayName(
            "case W4, Property 17: rows of all former keys get those of today, and of rows that are"
                    + " one document the newest stays")
    void rowsOfAllFormerKeysGetThoseOfToday(String create) throws Exception {
        database.execute(create);
        Gen<List<Old>> tables = ((Gen<Old>) KeyMigrationTest::old).list(0, 60);
        try (var pool = database.pool(1, Map.of())) {
            Property.forAll(
                    25, // of each shape
                    tables,
                    rows -> {
                        database.execute("delete from shop.orders", "delete from cdc.target");
                        Map<String, Old> expected = fill(rows);
                        ensure(pool);
                        assertThat(rows()).isEqualTo(described(expected));
                        assertThat(database.column(FORM)).containsExactly("canonical");
                        ensure(pool);
                        assertThat(rows()).isEqualTo(described(expected));
                    });
        }
    }

    @Test
    @DisplayName("case W4: the duplicates that it left become one row, the newer one")
    void theDuplicatesBecomeOneRow() throws Exception {
        database.execute(
                C,
                "insert into shop.orders values ('1', '{\"v\": 1}', 1), ('$long:1', '{\"v\": 2}', 2),"
                        + " ('$double:1.0', '{\"v\": 0}', 0), ('2', '{\"v\": 4}', 4), ('$long:2', '{\"v\": 3}', 3),"
                        + " ('$decimal:0.50', '{\"v\": 5}', 5), ('$double:0.5', '{\"v\": 6}', 6)");
        try (var pool = database.pool(1, Map.of())) {
            ensure(pool);
        }
        assertThat(database.map("select _id, doc->>'v' from shop.orders"))
                .isEqualTo(Map.of("1", "2", "2", "4", "$double:0.5", "6"));
    }

    @Test
    @DisplayName("case W4: killed at any point, the next start does the rest")
    void killedAtAnyPointTheNextStartDoesTheRest() throws Exception {
        int count = 5_500;
        database.execute(
                C,
                "insert into shop.orders select '$long:' || n, '{}', n from generate_series(1, %d) n"
                        .formatted(count),
                "insert into shop.orders select n::text, '{}', 7000 - n from generate_series(1, %d) n"
                        .formatted(count),
                """
                create function shop.die() returns trigger language plpgsql as $$ begin
                    if new._id = any (array['2000', '4000']) then
                        perform pg_terminate_backend(pg_backend_pid());
                    end if;
                    return new;
                end $$""",
                "create trigger die before update on shop.orders for each row execute function shop.die()");
        try (var pool = database.pool(1, Map.of())) {
            assertThatThrownBy(() -> ensure(pool)).isInstanceOf(SQLException.class);
            assertThat(database.number("select count(*) from shop.orders where _id like '$long:%'"))
                    .isBetween(1L, count - 1L);
            assertThat(database.column(FORM)).containsOnlyNulls();
            database.execute("drop trigger die on shop.orders");
            ensure(pool);
        }
        assertThat(database.column(FORM)).containsExactly("canonical");
        assertThat(
                        database.number(
                                "select count(*) from shop.orders where _cdc_version = greatest(_id::int, 7000 - _id::int)"))
                .isEqualTo(count);
        assertThat(database.number("select count(*) from shop.orders")).isEqualTo(count);
    }

    @Test
    @DisplayName("case W4, I3: several instances at once end with one row each, and none is early")
    void severalInstancesAtOnce() throws Exception {
        int instances = 4;
        int count = 4_000;
        database.execute(
                C,
                "insert into shop.orders select '$double:' || n || '.0', '{}', n from generate_series(1, %d) n"
                        .formatted(count));
        try (var pool = database.pool(instances, Map.of());
                var threads = Executors.newFixedThreadPool(instances)) {
            var together = new CyclicBarrier(instances);
            var old = new ArrayList<Future<Long>>();
            for (int i = 0; i < instances; i++) {
                old.add(
                        threads.submit(
                                () -> {
                                    together.await();
                                    ensure(pool);
                                    return database.number(
                                            "select count(*) from shop.orders where _id like '$%'");
                                }));
            }
            for (Future<Long> each : old) {
                assertThat(each.get()).isZero();
            }
        }
        assertThat(database.number("select count(*) from shop.orders")).isEqualTo(count);
    }

    @Test
    @DisplayName("case W4: rows that an older Syncer wrote later are found at the next start")
    void rowsThatAnOlderSyncerWroteLaterAreFound() throws Exception {
        database.execute(C);
        try (var pool = database.pool(1, Map.of())) {
            ensure(pool);
            database.execute(
                    "insert into shop.orders values ('$long:1', '{}', 1), ('$decimal:2', '{}', 1)");
            ensure(pool);
        }
        assertThat(database.column("select _id from shop.orders order by 1"))
                .containsExactly("1", "2");
        assertThat(database.column(FORM)).containsExactly("canonical");
    }

    @Test
    @DisplayName("case W4: a table that the Syncer makes has the keys of today from the start")
    void aNewTableHasTheKeysOfToday() throws Exception {
        try (var pool = database.pool(1, Map.of())) {
            ensure(pool);
        }
        assertThat(database.column(FORM)).containsExactly("canonical");
    }

    @Test
    @DisplayName("case W4: the documented rights are enough, and no timeout of the role ends it")
    void theDocumentedRightsAreEnough() throws Exception {
        database.execute(
                C,
                "insert into shop.orders values ('$long:1', '{}', 1)",
                "create function shop.wait() returns trigger language plpgsql as"
                        + " $$ begin perform pg_sleep(0.3); return new; end $$",
                "create trigger wait before update on shop.orders for each row execute function shop.wait()",
                "create role keys_writer login",
                "alter role keys_writer in database %s set statement_timeout = '100ms'"
                        .formatted(database.quotedName()),
                "grant temporary on database %s to keys_writer".formatted(database.quotedName()),
                "grant usage on schema cdc, shop to keys_writer",
                "grant select, insert, update, delete on all tables in schema cdc, shop to keys_writer");
        try (var pool = database.pool("keys_writer")) {
            ensure(pool);
        }
        assertThat(database.column("select _id from shop.orders")).containsExactly("1");
        database.execute("drop owned by keys_writer", "drop role keys_writer");
    }

    @Test
    @DisplayName("case W4, I6: a table that refuses the new keys stops the service, no letters")
    void aTableThatRefusesTheNewKeysStopsTheService() throws Exception {
        database.execute(
                C,
                "alter table shop.orders add check (_id like '$%')",
                "insert into shop.orders values ('$long:1', '{}', 1)");
        try (var pool = database.pool(1, Map.of())) {
            assertThatThrownBy(() -> ensure(pool))
                    .isInstanceOf(KeyMigrationException.class)
                    .hasMessageContaining("shop.orders")
                    .hasMessageContaining("SQLSTATE 23514");
        }
        assertThat(database.column("select _id from shop.orders")).containsExactly("$long:1");
        assertThat(database.column(FORM)).containsOnlyNulls();
    }

    @Test
    @DisplayName("case W4: own tables of an older version get their column; else its owner is told")
    void ownTablesOfAnOlderVersionGetTheirColumn() throws Exception {
        database.execute(
                "alter table cdc.target drop column key_form",
                "create role keys_guest login",
                "grant usage on schema cdc to keys_guest",
                "grant select, insert, update, delete on all tables in schema cdc to keys_guest");
        try (var pool = database.pool("keys_guest")) {
            assertThatThrownBy(() -> new LedgerStore(pool, new Ledger("group")).prepare())
                    .isInstanceOf(MissingPrivilegeException.class)
                    .hasMessageContaining(
                            "ALTER TABLE cdc.target ADD COLUMN IF NOT EXISTS key_form text");
        }
        makeOwnTablesAgain();
        assertThat(database.column("select count(key_form) from cdc.target")).containsExactly("0");
        database.execute("drop owned by keys_guest", "drop role keys_guest");
    }

    private void makeOwnTablesAgain() throws Exception {
        try (var pool = database.pool(1, Map.of())) {
            new LedgerStore(pool, new Ledger("group")).prepare();
        }
    }

    private static Old old(RandomGenerator random) {
        BsonValue id =
                switch (random.nextInt(8)) {
                    case 0 -> new BsonInt32(random.nextInt(8));
                    case 1 -> new BsonInt64(random.nextInt(8));
                    case 2 -> new BsonDouble(random.nextInt(16) / 2.0);
                    case 3 -> new BsonDecimal128(Decimal128.parse(random.nextInt(80) + "E-1"));
                    case 4 -> new BsonDocument("n", new BsonInt64(random.nextInt(4)));
                    case 5 -> new BsonDocument("n", new BsonInt32(random.nextInt(4)));
                    case 6 -> new BsonString("$long:" + random.nextInt(4));
                    default -> small(random);
                };
        return new Old(id, random.nextLong(1L << 40));
    }

    /** Of a size of which no key is a hash. */
    private static BsonValue small(RandomGenerator random) {
        while (true) {
            BsonValue id = BsonGen.ids().next(random);
            if (RawDocument.of(new BsonDocument("", id)).length() < 600) {
                return id;
            }
        }
    }

    /** Writes rows, of which each key has one, and says which is to stay of each document. */
    private Map<String, Old> fill(List<Old> rows) throws SQLException {
        var byFormer = new HashMap<String, Old>();
        rows.forEach(row -> byFormer.putIfAbsent(FormerKeys.of(row.id()), row));
        var expected = new HashMap<String, Old>();
        try (Connection connection = database.connect();
                PreparedStatement insert =
                        connection.prepareStatement(
                                "insert into shop.orders (_id, doc, _cdc_version) values (?, ?::jsonb, ?)")) {
            for (Map.Entry<String, Old> each : byFormer.entrySet()) {
                Old row = each.getValue();
                insert.setString(1, each.getKey());
                insert.setString(2, "{\"v\": " + row.version() + "}");
                insert.setLong(3, row.version());
                insert.addBatch();
                expected.merge(
                        RowKey.of(
                                DocumentKey.of(RawDocument.of(new BsonDocument("_id", row.id())))),
                        row,
                        (one, other) -> one.version() > other.version() ? one : other);
            }
            insert.executeBatch();
        }
        return expected;
    }

    private static Map<String, String> described(Map<String, Old> rows) {
        var described = new TreeMap<String, String>();
        rows.forEach((key, row) -> described.put(key, row.version() + " " + row.version()));
        return described;
    }

    private Map<String, String> rows() {
        return database.map("select _id, _cdc_version || ' ' || (doc->>'v') from shop.orders");
    }

    /** As an instance does that was just started. */
    private static void ensure(HikariDataSource pool) throws SQLException {
        try (var connection = pool.getConnection()) {
            new Tables("group", OnDroppedTable.FAIL, name -> null).ensure(connection, ORDERS);
        }
    }
}
