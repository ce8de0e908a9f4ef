package dev.cdcpipeline.syncer.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * I6: only what PostgreSQL refuses of the rows, after the ledger's step, can be a record's fault.
 */
class RefusalTest {
    private static final String RAISE =
            "create function shop.no() returns %s language plpgsql as"
                    + " $$ begin raise exception 'ask the administrators' using errcode = '%s'; end $$";

    private static void isNoRecordsFault(Bench bench, ThrowingCallable batch, String... said) {
        var refused = assertThatThrownBy(batch).isInstanceOf(RefusedStatementException.class);
        for (String part : said) {
            refused.hasMessageContaining(part);
        }
        bench.assertLedgerHasNotMoved();
    }

    private static void isARecordsFault(Bench bench, ThrowingCallable batch, String sqlState) {
        assertThatThrownBy(batch)
                .isInstanceOfSatisfying(
                        RefusedRowsException.class,
                        refused -> assertThat(refused.getSQLState()).isEqualTo(sqlState));
        bench.assertLedgerHasNotMoved();
    }

    @ParameterizedTest
    @ValueSource(strings = {"P0001", "23514", "22023", "54000", "44000"})
    @DisplayName("case S7: an event trigger that raises at CREATE TABLE is no record's fault")
    void anEventTrigger(String sqlState) throws Exception {
        try (var bench =
                new Bench(
                        "event",
                        RAISE.formatted("event_trigger", sqlState),
                        "create event trigger no on ddl_command_end when tag in ('CREATE TABLE')"
                                + " execute function shop.no()",
                        "alter event trigger no disable")) {
            bench.database.execute("alter event trigger no enable");
            isNoRecordsFault(
                    bench, () -> bench.insert(0, 1), "make", sqlState, "ask the administrators");
            bench.database.execute("drop event trigger no");
            bench.insert(0, 1);
        }
    }

    @ParameterizedTest
    @CsvSource({"ledger, update", "target, insert", "sweep, insert"})
    @DisplayName(
            "case S7: a trigger on a table of the Syncer's own that raises is no record's fault")
    void aTriggerOnAnOwnTable(String table, String statement) throws Exception {
        try (var bench = new Bench("own_raises", RAISE.formatted("trigger", "P0001"))) {
            bench.database.execute(
                    "create trigger no before %s on cdc.%s execute function shop.no()"
                            .formatted(statement, table));
            if (table.equals("sweep")) {
                bench.insert(0, 1);
                isNoRecordsFault(bench, () -> bench.sweep(9), "P0001");
            } else {
                isNoRecordsFault(bench, () -> bench.insert(0, 1), "P0001", "administrators");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"insert", "delete"})
    @DisplayName(
            "case S7: a trigger that refuses a statement whatever its rows is no record's fault")
    void aTriggerForEachStatement(String statement) throws Exception {
        try (var bench = new Bench("frozen", Bench.TABLE, RAISE.formatted("trigger", "P0001"))) {
            bench.insert(0, 1);
            bench.database.execute(
                    "create trigger no before %s on shop.orders execute function shop.no()"
                            .formatted(statement));
            isNoRecordsFault(
                    bench,
                    statement.equals("insert")
                            ? () -> bench.insert(0, 1)
                            : () -> bench.delete(0, 1, 2),
                    "shop.orders",
                    "ask the administrators");
        }
    }

    @Test
    @DisplayName("case S7: nor is a trigger on the ledger that waits for the commit")
    void aTriggerOnTheLedgerAtTheCommit() throws Exception {
        try (var bench = new Bench("late_ledger", RAISE.formatted("trigger", "P0001"))) {
            bench.insert(0, 1);
            bench.database.execute(
                    "create constraint trigger no after update on cdc.ledger initially deferred"
                            + " for each row execute function shop.no()");
            isNoRecordsFault(bench, () -> bench.insert(0, 1), "P0001", "administrators");
        }
    }

    @Test
    @DisplayName("case S7: a sweep that PostgreSQL refuses stops, and names the foreign key")
    void aSweepThatIsRefused() throws Exception {
        try (var bench =
                new Bench(
                        "referenced",
                        Bench.TABLE,
                        "create table shop.lines (id text constraint lines_of_orders references shop.orders)")) {
            bench.insert(0, 2);
            bench.database.execute("insert into shop.lines values ('k00001')");
            isNoRecordsFault(
                    bench, () -> bench.sweep(9), "shop.orders", "23503", "lines_of_orders");
            assertThat(bench.rows()).hasSize(2);
            bench.database.execute("truncate shop.lines");
            bench.sweep(9);
            assertThat(bench.rows()).isEmpty();
        }
    }

    @Test
    @DisplayName("case S7: so does one that is refused only at the commit")
    void aSweepThatIsRefusedAtTheCommit() throws Exception {
        try (var bench =
                new Bench(
                        "deferred_ref",
                        Bench.TABLE,
                        "create table shop.lines (id text references shop.orders initially deferred)")) {
            bench.insert(0, 2);
            bench.database.execute("insert into shop.lines values ('k00001')");
            isNoRecordsFault(bench, () -> bench.sweep(9), "23503");
            isARecordsFault(bench, () -> bench.delete(1, 2, 2), "23503");
        }
    }

    @Test
    @DisplayName("I6: what a constraint or a trigger of the row refuses is a record's fault")
    void aRowThatIsRefused() throws Exception {
        try (var bench =
                new Bench(
                        "refused",
                        Bench.TABLE,
                        "alter table shop.orders add constraint odd check (_id <> 'k00001')",
                        RAISE.formatted("trigger", "P0001"),
                        "create constraint trigger no after insert on shop.orders"
                                + " deferrable initially deferred for each row"
                                + " when (new._id = 'k00002') execute function shop.no()")) {
            isARecordsFault(bench, () -> bench.insert(1, 2), "23514");
            isARecordsFault(bench, () -> bench.insert(2, 3), "P0001");
            isARecordsFault(bench, () -> bench.insert(0, 100), "23514");
            isARecordsFault(bench, () -> bench.insert(2, 100), "P0001");
            bench.insert(3, 100);
        }
    }
}
