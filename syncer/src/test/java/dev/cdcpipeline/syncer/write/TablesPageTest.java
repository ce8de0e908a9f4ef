package dev.cdcpipeline.syncer.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;

import dev.cdcpipeline.model.DocumentKey;
import dev.cdcpipeline.model.Namespace;
import dev.cdcpipeline.model.RawDocument;
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
import dev.cdcpipeline.syncer.schema.RowKey;
import dev.cdcpipeline.syncer.schema.TableName;
import dev.cdcpipeline.syncer.schema.TableNames;
import dev.cdcpipeline.syncer.support.Database;
import dev.cdcpipeline.syncer.support.Servers;

import org.bson.BsonDocument;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

import javax.sql.DataSource;

/** What docs/reference/tables.md says of the tables, done. */
class TablesPageTest {
    private static final String GROUP = "cdc-syncer";
    private static final String TOPIC = "cdc.shop.orders";
    private static final TableName ORDERS = new TableName("shop", "orders");
    private static final Pattern SQL = Pattern.compile("(?ms)^```sql\\n(.*?)^```");

    /** All that makes up a table, line by line. */
    private static final String SHAPE =
            """
            with own as (select c.oid, c.oid::regclass::text as name, c.reloptions from pg_class c
                where relkind = 'r' and relnamespace::regnamespace::text in ('cdc', 'shop'))
            select concat_ws(' ', name, attnum, attname, format_type(atttypid, atttypmod), attnotnull,
                pg_get_expr(adbin, adrelid), attcollation::regcollation)
            from own join pg_attribute on attrelid = oid and attnum > 0
                left join pg_attrdef on adrelid = attrelid and adnum = attnum
            union all
            select concat_ws(' ', name, conname, pg_get_constraintdef(pg_constraint.oid))
            from own join pg_constraint on conrelid = own.oid
            union all
            select concat_ws(' ', name, reloptions, obj_description(oid, 'pg_class')) from own
            order by 1""";

    private final String page = page();
    private final Database database = new Database(Servers.postgres(), "page");
    private final PartitionId partition = new PartitionId(new UUID(1, 1), TOPIC, 0);

    private static String page() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("mvnw"))) {
            folder = Objects.requireNonNull(folder.getParent());
        }
        try {
            return Files.readString(folder.resolve("docs/reference/tables.md"));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** The SQL below a heading, up to the next heading. */
    private List<String> sql(String heading) {
        String from = page.substring(page.indexOf("# " + heading + "\n") + 2);
        int next = from.indexOf("\n#");
        return SQL.matcher(next < 0 ? from : from.substring(0, next + 1))
                .results()
                .map(block -> block.group(1).replace("database app", "database " + name()))
                .toList();
    }

    private String name() {
        return database.quotedName();
    }

    /** The rows of the table with this head. */
    private List<List<String>> rows(String head) {
        String body = page.substring(page.indexOf(head) + head.length());
        return body.substring(0, body.indexOf("\n\n"))
                .lines()
                .filter(line -> line.startsWith("| "))
                .map(
                        line ->
                                Pattern.compile("`([^`]+)`(?= \\|)")
                                        .matcher(line)
                                        .results()
                                        .map((MatchResult code) -> code.group(1))
                                        .toList())
                .toList();
    }

    private static Tables tables() {
        return new Tables(GROUP, OnDroppedTable.FAIL, new TableNames("", "", Map.of())::owner);
    }

    private static void prepare(DataSource pool) throws Exception {
        new LedgerStore(pool, new Ledger(GROUP)).prepare();
    }

    private static void ensure(DataSource pool, TableName table) throws Exception {
        try (var connection = pool.getConnection()) {
            tables().ensure(connection, table);
        }
    }

    /** A record that writes rows, one that deletes one, and a sweep. */
    private void apply(DataSource pool) throws Exception {
        var sweeper = new Sweeper(GROUP, SweepPolicy.MIRROR, tables(), topic -> 1, () -> {});
        var writer =
                new BatchWriter(
                        pool,
                        new Ledger(GROUP),
                        tables(),
                        sweeper,
                        new DeletedRows(GROUP, true, System::nanoTime),
                        50);
        var store = new LedgerStore(pool, new Ledger(GROUP));
        store.partitions(new TopicIdentity(partition.topicId(), TOPIC, 1));
        long offset = store.open(partition, 0).nextOffset();
        for (int rows : List.of(3, 100, 100)) {
            var changes = new TableChanges(ORDERS, List.of(), upserts(rows, offset));
            assertThat(writer.write(plan(offset++, changes))).isInstanceOf(Outcome.Written.class);
        }
        var delete = List.of(new RowChange.Delete("k1", new Version(9)));
        writer.write(plan(offset, new TableChanges(ORDERS, delete, List.of())));
    }

    private static List<RowChange.Upsert> upserts(int rows, long version) {
        byte[] json = "{}".getBytes(StandardCharsets.UTF_8);
        return IntStream.range(0, rows)
                .mapToObj(
                        i ->
                                new RowChange.Upsert(
                                        "k" + i,
                                        new Version(version),
                                        new JsonSlice(json, 0, json.length),
                                        i > 2 && version == 1))
                .toList();
    }

    private BatchPlan plan(long offset, TableChanges changes) {
        var step =
                new Advance(
                        new Progress(partition, offset, null),
                        new Progress(partition, offset + 1, null));
        var sweep = new SweepMark(ORDERS, partition, new Version(1), true);
        return new BatchPlan(
                List.of(step), List.of(changes), List.of(sweep), List.of(), new Tally());
    }

    private HikariDataSource poolOf(String role) {
        return database.pool(role);
    }

    @Test
    @DisplayName("14.6 The tables that the documentation makes are those that the Syncer makes")
    void tablesMadeBeforehandAreTheSyncers() throws Exception {
        var own = new Database(Servers.postgres(), "own");
        try (var pool = own.pool(1, Map.of())) {
            prepare(pool);
            ensure(pool, ORDERS);
        }
        List<String> made = sql("Make the tables beforehand");
        database.execute(made.get(0), made.get(1));

        assertThat(database.column(SHAPE)).hasSizeGreaterThan(30).isEqualTo(own.column(SHAPE));
    }

    @Test
    @DisplayName("14.6 With tables made beforehand the documented rights are enough")
    void theDocumentedRightsAreEnough() throws Exception {
        database.execute(
                "create role cdc login",
                "revoke temporary on database %s from public".formatted(name()));
        sql("Make the tables beforehand").forEach(database::execute);

        try (var pool = poolOf("cdc")) {
            prepare(pool);
            apply(pool);
            database.execute("grant create on schema shop to cdc");
            assertThatThrownBy(() -> ensure(pool, new TableName("shop", "missing")))
                    .hasMessageContaining("permission denied for database");
        }
        assertThat(database.number("select count(*) from shop.orders")).isEqualTo(99);
    }

    @Test
    @DisplayName("14.6 The documented statements by hand do what is said of them")
    void statementsByHandWork() throws Exception {
        try (var pool = database.pool(1, Map.of())) {
            prepare(pool);
            apply(pool);
            assertThat(database.column(sql("By hand").getFirst())).containsExactly(TOPIC);
            sql("The table of a collection").forEach(database::column);

            sql("Move the ledger to another offset").forEach(database::execute);
            assertThat(database.number("select next_offset from cdc.ledger")).isEqualTo(4711);

            sql("Fill a table again from Kafka").forEach(database::execute);
            assertThat(database.number("select count(*) from cdc.ledger")).isZero();
            apply(pool);

            sql("Give a table to another collection").forEach(database::execute);
            assertThat(database.column("select collection from cdc.target"))
                    .containsExactly("crm.orders");

            sql("Delete the rows of a dropped collection").forEach(database::execute);
            assertThat(database.number("select count(*) from shop.orders")).isZero();

            sql("Begin a dropped table anew").forEach(database::execute);
            assertThat(database.number("select count(*) from cdc.target")).isZero();
            apply(pool);
            assertThat(database.number("select count(*) from shop.orders")).isEqualTo(99);
        }
    }

    @Test
    @DisplayName("14.6 case W4: the documented statement has the keys of a table looked at again")
    void keysAreLookedAtAgain() throws Exception {
        try (var pool = database.pool(1, Map.of())) {
            prepare(pool);
            ensure(pool, ORDERS);
            database.execute("insert into shop.orders values ('$decimal:7', '{}', 0)");
            ensure(pool, ORDERS);
            assertThat(database.column("select _id from shop.orders"))
                    .containsExactly("$decimal:7");
            sql("Tables of an older version").forEach(database::execute);
            ensure(pool, ORDERS);
        }
        assertThat(database.column("select _id from shop.orders")).containsExactly("7");
    }

    @Test
    @DisplayName("14.6 The documented keys are those that the Syncer makes")
    void keysAreAsDocumented() {
        List<List<String>> keys = rows("| BSON type | `_id` in MongoDB | `_id` in the table |");

        assertThat(keys).hasSizeGreaterThan(15);
        assertThat(keys)
                .allSatisfy(
                        row -> {
                            String id = row.get(row.size() - 2);
                            var key = RawDocument.of(BsonDocument.parse("{\"_id\": " + id + "}"));
                            assertThat(RowKey.of(DocumentKey.of(key))).isEqualTo(row.getLast());
                        });
    }

    @Test
    @DisplayName("14.6 The documented names are those that the Syncer gives")
    void namesAreAsDocumented() {
        var names = new TableNames("{db}", "{collection}", Map.of());
        List<List<String>> tables = rows("| collection | table |");

        assertThat(tables).hasSize(4);
        assertThat(tables)
                .allSatisfy(
                        row ->
                                assertThat(names.of(Namespace.parse(row.getFirst())).quoted())
                                        .isEqualTo(row.getLast()));
    }
}
