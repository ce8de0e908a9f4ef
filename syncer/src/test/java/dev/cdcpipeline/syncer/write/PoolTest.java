package dev.cdcpipeline.syncer.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cdcpipeline.platform.failure.Reaction;
import dev.cdcpipeline.syncer.consume.SyncerFailures;
import dev.cdcpipeline.syncer.plan.Advance;
import dev.cdcpipeline.syncer.plan.BatchPlan;
import dev.cdcpipeline.syncer.plan.PartitionId;
import dev.cdcpipeline.syncer.plan.Progress;
import dev.cdcpipeline.syncer.plan.Tally;
import dev.cdcpipeline.syncer.support.Database;
import dev.cdcpipeline.syncer.support.Servers;
import dev.cdcpipeline.testkit.Gen;
import dev.cdcpipeline.testkit.Property;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

class PoolTest {
    private final Database database = new Database(Servers.postgres(), "pool");

    @Test
    @DisplayName(
            "7.1: a session keeps its settings and its staging table when its first transaction is rolled back")
    void aSessionOutlivesTheRollbackOfItsFirstTransaction() throws SQLException {
        try (var pool = database.pool(1, Map.of())) {
            try (Connection first = pool.getConnection()) {
                first.rollback();
            }
            try (Connection next = pool.getConnection();
                    Statement statement = next.createStatement()) {
                assertThat(text(statement, "select count(*) from pg_temp.cdc_stage"))
                        .isEqualTo("0");
                assertThat(text(statement, "show jit")).isEqualTo("off");
            }
        }
    }

    @Test
    @DisplayName(
            "7.1: an answer is waited for so long as the server may work on it, or as configured")
    void anAnswerIsNotWaitedForWithoutEnd() throws SQLException {
        for (var each :
                Map.of("90000", Map.<String, String>of(), "7000", Map.of("sockettimeout", "7"))
                        .entrySet()) {
            try (var pool = database.pool(1, each.getValue());
                    Connection connection = pool.getConnection()) {
                assertThat(connection.getNetworkTimeout())
                        .isEqualTo(Integer.parseInt(each.getKey()));
            }
        }
    }

    @Test
    @DisplayName("7.5 Property 16: writers wait for a connection, however many; none ever fails")
    void writersWaitForAConnection() throws Exception {
        try (var pool =
                Pool.open(database.login(database.user(), Map.of()), 2, Duration.ofSeconds(60))) {
            var store = new LedgerStore(pool, new Ledger("group"));
            store.prepare();
            var tables = new Tables("group", OnDroppedTable.FAIL, table -> null);
            var sweeper = new Sweeper("group", SweepPolicy.MIRROR, tables, topic -> 1, () -> {});
            var writer =
                    new BatchWriter(
                            pool,
                            new Ledger("group"),
                            tables,
                            sweeper,
                            new DeletedRows("group", true, System::nanoTime),
                            50);
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                Property.forAll(
                        100,
                        Gen.ints(1, 12),
                        writers -> {
                            var outcomes = new ArrayList<Future<Outcome>>();
                            for (int i = 0; i < writers; i++) {
                                var id = new PartitionId(UUID.randomUUID(), "topic", i);
                                outcomes.add(threads.submit(() -> writer.write(step(store, id))));
                            }
                            for (Future<Outcome> outcome : outcomes) {
                                assertThat(outcome.get()).isInstanceOf(Outcome.Written.class);
                            }
                        });
            }
        }
    }

    private static BatchPlan step(LedgerStore store, PartitionId id) throws SQLException {
        Progress from = store.open(id, 0);
        return new BatchPlan(
                List.of(new Advance(from, new Progress(id, 1, null))),
                List.of(),
                List.of(),
                List.of(),
                new Tally());
    }

    @Test
    @DisplayName(
            "7.5 Property 16: a wait that is too long is one failed attempt, not a failed batch")
    void aWaitThatIsTooLongIsTriedAgain() throws SQLException {
        try (var pool =
                        Pool.open(
                                database.login(database.user(), Map.of()),
                                1,
                                Duration.ofMillis(250));
                var _ = pool.getConnection()) {
            assertThatThrownBy(pool::getConnection)
                    .satisfies(
                            e ->
                                    assertThat(SyncerFailures.classifier().reaction(e))
                                            .isEqualTo(Reaction.RETRY));
        }
    }

    private static String text(Statement statement, String query) throws SQLException {
        try (ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getString(1);
        }
    }
}
