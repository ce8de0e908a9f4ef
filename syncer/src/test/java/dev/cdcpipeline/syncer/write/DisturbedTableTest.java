package dev.cdcpipeline.syncer.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;

/**
 * I1: what makes a statement of ours quietly do nothing, or something else, is never passed over.
 */
class DisturbedTableTest {
    private static final String POLICIES =
            "create policy s on shop.orders for select using (true);"
                    + "create policy i on shop.orders for insert with check (true);"
                    + "create policy u on shop.orders for update using (true);";
    private static final String DELETABLE =
            "create policy d on shop.orders for delete using (true)";
    private static final String SECURED = "alter table shop.orders enable row level security";

    private static void refuses(Bench bench, ThrowingCallable batch, String... said) {
        var refused = assertThatThrownBy(batch).isInstanceOf(TableShapeException.class);
        for (String part : said) {
            refused.hasMessageContaining(part);
        }
        bench.assertLedgerHasNotMoved();
    }

    private static String trigger(String when, String body) {
        return """
        create function shop.disturb() returns trigger language plpgsql as
            $$ begin %s end $$;
        create trigger disturb before %s for each row execute function shop.disturb();
        """
                .formatted(body, when);
    }

    @Test
    @DisplayName("case S3: row-level security without a policy for delete is a stop that names it")
    void rowSecurityWithoutAPolicyForDelete() throws Exception {
        try (var bench =
                new Bench(
                        "no_delete",
                        Bench.TABLE,
                        "insert into shop.orders values ('k00000', '{}', 1), ('k00001', '{}', 1)",
                        POLICIES,
                        SECURED)) {
            refuses(
                    bench,
                    () -> bench.delete(0, 2, 2),
                    "shop.orders",
                    "row-level security",
                    "ALTER ROLE \"" + bench.role + "\" BYPASSRLS",
                    "ALTER TABLE \"shop\".\"orders\" DISABLE ROW LEVEL SECURITY");
            bench.database.execute("alter role %s bypassrls".formatted(bench.role));
            bench.delete(0, 2, 2);
            assertThat(bench.rows()).isEmpty();
        }
    }

    @Test
    @DisplayName("case S3: so it is with policies that let all pass, which COPY does not take")
    void rowSecurityThatLetsAllPass() throws Exception {
        try (var bench = new Bench("all_true", Bench.TABLE, POLICIES, DELETABLE, SECURED)) {
            refuses(bench, () -> bench.insert(0, 100), "row-level security", "BYPASSRLS");
            bench.database.execute("alter table shop.orders disable row level security");
            bench.insert(0, 100);
        }
    }

    @Test
    @DisplayName("case S3: a table's owner is subject to policies only if they are forced")
    void rowSecurityOfAnOwner() throws Exception {
        try (var bench = new Bench("owned")) {
            bench.insert(0, 2);
            bench.database.execute(SECURED);
            bench.pass(Duration.ofMinutes(1));
            bench.delete(0, 1, 2);
            bench.database.execute("alter table shop.orders force row level security");
            refuses(
                    bench,
                    () -> bench.delete(1, 2, 2),
                    "ALTER TABLE \"shop\".\"orders\" NO FORCE ROW LEVEL SECURITY");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", POLICIES})
    @DisplayName("case S3: row-level security that comes while rows are written is found at once")
    void rowSecurityThatComesLater(String policies) throws Exception {
        try (var bench = new Bench("later", Bench.TABLE)) {
            bench.insert(0, 100);
            bench.database.execute(SECURED, policies);
            refuses(bench, () -> bench.delete(0, 2, 2), "row-level security");
            bench.pass(Duration.ofMinutes(1));
            refuses(bench, () -> bench.insert(200, 300), "row-level security");
            refuses(bench, () -> bench.sweep(9), "row-level security");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"delete", "insert", "update"})
    @DisplayName("case S3, S17: a rule that makes nothing of a statement is a stop that names it")
    void aRule(String statement) throws Exception {
        try (var bench = new Bench("ruled", Bench.TABLE)) {
            bench.insert(0, 100);
            bench.database.execute(
                    "create rule quiet as on %s to shop.orders do instead nothing"
                            .formatted(statement));
            ThrowingCallable batch =
                    statement.equals("delete")
                            ? () -> bench.delete(0, 2, 2)
                            : () -> bench.upsert(0, 2, 2, false);
            refuses(bench, batch, "rules", "DROP RULE \"quiet\" ON \"shop\".\"orders\"");
            refuses(bench, () -> bench.upsert(0, 100, 2, false), "DROP RULE");
            bench.database.execute("drop rule quiet on shop.orders");
            bench.upsert(0, 100, 2, false);
            assertThat(bench.rows()).hasSize(100).doesNotContainValue("1");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "insert on shop.orders  | return null;",
                "insert or update on shop.orders | return old;",
                "update on shop.orders  | return old;",
                "insert on shop.orders  | new._id := concat('x', new._id); return new;",
                "insert or update on shop.orders | new._cdc_version := 0; return new;",
                "delete on shop.orders  | return null;"
            })
    @DisplayName("case S3: a trigger that drops or changes a change is a stop that names it")
    void aTriggerThatDropsAChange(String when, String body) throws Exception {
        try (var bench = new Bench("triggered", Bench.TABLE)) {
            bench.insert(0, 100);
            bench.database.execute(trigger(when, body));
            String[] said = {"(disturb)", "DROP TRIGGER \"disturb\" ON \"shop\".\"orders\""};
            bench.pass(Duration.ofMinutes(1));
            if (when.startsWith("delete")) {
                refuses(bench, () -> bench.delete(0, 2, 2), said);
                refuses(bench, () -> bench.delete(0, 2, 1), said); // just as new
                refuses(bench, () -> bench.sweep(9), said);
            } else if (when.startsWith("update")) {
                refuses(bench, () -> bench.upsert(0, 2, 2, false), said);
                refuses(bench, () -> bench.upsert(0, 100, 2, false), said);
            } else {
                refuses(bench, () -> bench.insert(100, 102), said);
                refuses(bench, () -> bench.insert(100, 200), said);
                refuses(bench, () -> bench.upsert(100, 200, 2, false), said);
            }
            bench.database.execute("alter table shop.orders disable trigger disturb");
            bench.delete(0, 2, 2);
            bench.insert(100, 200);
            assertThat(bench.rows()).hasSize(198);
        }
    }

    @Test
    @DisplayName("case S3: one that comes while rows are written is found where it drops changes")
    void aTriggerThatComesLater() throws Exception {
        try (var bench = new Bench("trigger_later", Bench.TABLE)) {
            bench.insert(0, 100);
            bench.database.execute(trigger("insert or delete on shop.orders", "return null;"));
            refuses(bench, () -> bench.insert(100, 102), "disturb");
            refuses(bench, () -> bench.insert(100, 200), "disturb");
            refuses(bench, () -> bench.delete(0, 2, 2), "disturb");
        }
    }

    @Test
    @DisplayName("case S3: a trigger of a partition counts, too")
    void aTriggerOfAPartition() throws Exception {
        try (var bench =
                new Bench(
                        "trigger_part",
                        Bench.TABLE + " partition by hash (_id)",
                        "create table shop.part partition of shop.orders"
                                + " for values with (modulus 1, remainder 0)",
                        trigger("update on shop.part", "return old;"))) {
            bench.insert(0, 2);
            refuses(bench, () -> bench.upsert(0, 2, 2, false), "disturb");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "new.doc := new.doc - 'secret'; return new;",
                "new.at := now(); return new;",
                "if tg_op = 'UPDATE' and new = old then return null; end if; return new;"
            })
    @DisplayName("case S3: a trigger that keeps key and version may stay")
    void aTriggerThatKeepsKeyAndVersion(String body) throws Exception {
        try (var bench =
                new Bench(
                        "harmless",
                        Bench.TABLE,
                        "alter table shop.orders add at timestamptz",
                        trigger("insert or update on shop.orders", body))) {
            bench.insert(0, 2);
            bench.insert(2, 100);
            bench.upsert(0, 100, 1, false);
            bench.upsert(0, 2, 2, false);
            bench.delete(0, 1, 3);
            bench.upsert(0, 2, 1, true); // older than what is there
            assertThat(bench.rows()).hasSize(100);
        }
    }

    @Test
    @DisplayName("case S3: changes that the version guard turns away are no drops")
    void olderChangesAreNoDrops() throws Exception {
        try (var bench = new Bench("older", Bench.TABLE)) {
            bench.upsert(0, 100, 5, true);
            bench.upsert(0, 100, 3, false);
            bench.upsert(0, 10, 3, false);
            bench.delete(0, 10, 3);
            bench.delete(500, 510, 3);
            assertThat(bench.rows()).hasSize(100);
        }
    }

    @Test
    @DisplayName("case S3: a table that others inherit from is refused: their rows would go too")
    void aTableWithHeirs() throws Exception {
        try (var bench =
                new Bench(
                        "heirs", Bench.TABLE, "create table shop.heir () inherits (shop.orders)")) {
            refuses(
                    bench,
                    () -> bench.delete(0, 2, 2),
                    "ALTER TABLE shop.heir NO INHERIT \"shop\".\"orders\"");
            bench.database.execute("alter table shop.heir no inherit shop.orders");
            bench.delete(0, 2, 2);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "_id text primary key, doc jsonb, _cdc_version bigint generated always as (1) stored not null | _cdc_version",
                "_id text primary key, doc jsonb generated always as ('{}'::jsonb) stored, _cdc_version bigint not null | doc",
                "_id text primary key, doc jsonb, _cdc_version bigint generated always as identity not null | _cdc_version"
            })
    @DisplayName("case S3: columns that PostgreSQL fills by itself are refused with their names")
    void generatedColumns(String columns, String named) throws Exception {
        try (var bench =
                new Bench("generated", "create table shop.orders (%s)".formatted(columns))) {
            refuses(bench, () -> bench.insert(0, 2), "fills by itself (" + named + ")");
        }
    }

    @Test
    @DisplayName("case S17: a primary key dropped while rows are written is a sentence")
    void aKeyThatIsDropped() throws Exception {
        try (var bench = new Bench("keyless", Bench.TABLE)) {
            bench.insert(0, 100);
            bench.database.execute("alter table shop.orders drop constraint orders_pkey");
            refuses(bench, () -> bench.insert(0, 2), "ADD PRIMARY KEY (_id)");
        }
    }

    @Test
    @DisplayName("case S17: so it is where COPY and MERGE do not need the key, within ten seconds")
    void aKeyThatIsDroppedAndNotNeeded() throws Exception {
        try (var bench = new Bench("unneeded", Bench.TABLE)) {
            bench.insert(0, 100);
            bench.database.execute("alter table shop.orders drop constraint orders_pkey");
            bench.pass(Duration.ofSeconds(10));
            refuses(bench, () -> bench.insert(0, 100), "ADD PRIMARY KEY (_id)");
            assertThat(bench.rows()).hasSize(100);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "alter table cdc.ledger enable row level security; alter table cdc.ledger force row level security | NO FORCE ROW LEVEL SECURITY",
                "create rule quiet as on update to cdc.ledger do instead nothing | DROP RULE \"quiet\" ON \"cdc\".\"ledger\"",
                "create function nothing() returns trigger language plpgsql as 'begin return null; end'; create trigger n before update on cdc.ledger for each row execute function nothing() | DROP TRIGGER \"n\"",
                "alter table cdc.target set unlogged | ALTER TABLE \"cdc\".\"target\" SET LOGGED"
            })
    @DisplayName("case S3: so it is with the Syncer's own tables, where nothing would ever move")
    void anOwnTable(String disturb, String said) throws Exception {
        try (var bench = new Bench("own")) {
            bench.ledger.prepare();
            bench.database.execute(disturb);
            refuses(bench, bench.ledger::prepare, said);
        }
    }

    @Test
    @DisplayName(
            "case S3: but a trigger of them that is disabled, or comes after, disturbs nothing")
    void aHarmlessTriggerOfAnOwnTable() throws Exception {
        try (var bench = new Bench("own_harmless")) {
            bench.ledger.prepare();
            bench.database.execute(
                    "create function nothing() returns trigger language plpgsql as"
                            + " 'begin return null; end'",
                    "create trigger n before update on cdc.ledger for each row"
                            + " execute function nothing()",
                    "alter table cdc.ledger disable trigger n",
                    "create trigger later after update on cdc.ledger for each row"
                            + " execute function nothing()");
            bench.ledger.prepare();
            bench.insert(0, 2);
            assertThat(bench.rows()).hasSize(2);
        }
    }
}
