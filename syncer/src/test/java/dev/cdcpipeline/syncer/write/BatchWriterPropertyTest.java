package dev.cdcpipeline.syncer.write;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cdcpipeline.model.Namespace;
import dev.cdcpipeline.model.wire.DocumentRenderer;
import dev.cdcpipeline.syncer.plan.PartitionId;
import dev.cdcpipeline.syncer.plan.Planner;
import dev.cdcpipeline.syncer.plan.Progress;
import dev.cdcpipeline.syncer.schema.TableNames;
import dev.cdcpipeline.syncer.support.AppliedVersions;
import dev.cdcpipeline.syncer.support.Database;
import dev.cdcpipeline.syncer.support.History;
import dev.cdcpipeline.syncer.support.Ingredient;
import dev.cdcpipeline.syncer.support.Ingredients;
import dev.cdcpipeline.syncer.support.Reference;
import dev.cdcpipeline.syncer.support.Replay;
import dev.cdcpipeline.syncer.support.Servers;
import dev.cdcpipeline.testkit.Property;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.util.Map;
import java.util.UUID;
import java.util.random.RandomGeneratorFactory;

class BatchWriterPropertyTest {
    private final Database database = new Database(Servers.postgres(), "histories");

    private record Case(History history, long seed) {}

    @Test
    @DisplayName(
            "I1-I4, Properties 11, 13, 15, 17, cases W1, W4, C1: on PostgreSQL too any cut, re-delivery, rival and"
                    + " protocol gives the tables of applying one by one, and no row goes back")
    void anyCutGivesTheSameTablesOnPostgres() throws Exception {
        try (var pool = pool(database)) {
            var ledger = new LedgerStore(pool, new Ledger("group"));
            ledger.prepare();
            var tried = new Ingredients();
            Property.forAll(
                    100,
                    random -> new Case(tried.count(History.generate(random)), random.nextLong()),
                    each -> check(pool, ledger, each));
            tried.assertTried(
                    Ingredient.RENAMED_OVER, Ingredient.ID_OF_ANOTHER_TYPE, Ingredient.HALF_A_MOVE);
        }
    }

    private void check(javax.sql.DataSource pool, LedgerStore ledger, Case each) throws Exception {
        var random = RandomGeneratorFactory.of("L64X128MixRandom").create(each.seed());
        String collection = "c" + Long.toHexString(each.seed());
        var topicId = new UUID(each.seed(), 7);
        String topic = "cdc.shop." + collection;
        var ids = each.history().ids(topicId, topic);
        var tables = new Tables("group", OnDroppedTable.FAIL, table -> null);
        var sweeper = new Sweeper("group", SweepPolicy.MIRROR, tables, _ -> ids.size(), () -> {});
        var deleted = new DeletedRows("group", true, System::nanoTime);
        var writer =
                new BatchWriter(
                        pool, new Ledger("group"), tables, sweeper, deleted, random.nextInt(1, 8));
        var planner =
                new Planner(
                        new TableNames("{db}", "{collection}", Map.of()),
                        DocumentRenderer.plain()::render);
        var versions = new AppliedVersions(database, "shop", collection);

        new Replay(
                        ids,
                        each.history().records(new Namespace("shop", collection), topic),
                        each.history().setAside(topic),
                        planner,
                        writer,
                        id -> progress(ledger, id))
                .run(random);

        assertThat(database.values("shop." + collection)).isEqualTo(Reference.rows(each.history()));
        versions.assertNeverBackwards();
        database.execute("drop table shop." + collection + ", shop." + collection + "_applied");
    }

    private static Progress progress(LedgerStore ledger, PartitionId id) throws Exception {
        return ledger.open(id, 0);
    }

    static com.zaxxer.hikari.HikariDataSource pool(Database database) {
        return database.pool(2, Map.of());
    }
}
