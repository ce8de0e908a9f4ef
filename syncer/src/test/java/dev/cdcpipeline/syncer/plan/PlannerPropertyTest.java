package dev.cdcpipeline.syncer.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cdcpipeline.model.Namespace;
import dev.cdcpipeline.model.wire.DocumentRenderer;
import dev.cdcpipeline.syncer.schema.TableNames;
import dev.cdcpipeline.syncer.support.History;
import dev.cdcpipeline.syncer.support.Ingredient;
import dev.cdcpipeline.syncer.support.Ingredients;
import dev.cdcpipeline.syncer.support.ModelStore;
import dev.cdcpipeline.syncer.support.Reference;
import dev.cdcpipeline.syncer.support.Replay;
import dev.cdcpipeline.syncer.support.RestoredStore;
import dev.cdcpipeline.syncer.support.TwoForms;
import dev.cdcpipeline.testkit.Property;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.util.Map;
import java.util.UUID;
import java.util.random.RandomGeneratorFactory;

class PlannerPropertyTest {
    private static final String TOPIC = "cdc.shop.orders";
    private static final Namespace ORDERS = new Namespace("shop", "orders");

    private int restored;

    private record Case(History history, long seed) {}

    @Test
    @DisplayName(
            "I1-I4, Properties 11, 13, 14, 17, cases W1, W3, W4, W8, S4, S5, S9, C1: any cut into"
                    + " batches, any re-delivery, second stream, compaction, retention, generation,"
                    + " rename, _id of another type, moved document, restored database and"
                    + " interleaving gives the tables of applying one by one")
    void anyCutGivesTheSameTables() {
        var tried = new Ingredients();
        Property.forAll(
                2_000,
                random -> new Case(History.generateStrange(random), random.nextLong()),
                each ->
                        assertThat(tables(tried.count(each.history()), each.seed()))
                                .isEqualTo(Reference.rows(each.history())));
        tried.assertTried(Ingredient.values());
        assertThat(restored).as("restored databases").isPositive();
    }

    @Test
    @DisplayName(
            "I1, I3, cases W1, W3, W4, W8, S4, S5, S9, C1: where no event is lost and all are"
                    + " published in the end, the tables are MongoDB's, whatever was repeated,"
                    + " compacted, rewound, restored, replaced, moved or put back")
    void theTablesAreMongoDbsInTheEnd() {
        var tried = new Ingredients();
        Property.forAll(
                2_000,
                random -> new Case(History.generateLossless(random), random.nextLong()),
                each ->
                        assertThat(tables(tried.count(each.history()), each.seed()))
                                .isEqualTo(each.history().truth()));
        tried.assertTried(Ingredient.values());
        assertThat(restored).as("restored databases").isPositive();
    }

    @Test
    @DisplayName(
            "I3, case W2: records of an old key form and new ones of a document are in different"
                    + " partitions: in any interleaving the tables are MongoDB's")
    void aDocumentMayMoveToAnotherPartition() {
        Property.forAll(
                2_000,
                random -> new Case(TwoForms.generate(random), random.nextLong()),
                each ->
                        assertThat(tables(each.history(), each.seed()))
                                .isEqualTo(each.history().truth()));
    }

    private Map<String, String> tables(History history, long seed) throws Exception {
        var random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        var ids = history.ids(new UUID(1, 1), TOPIC);
        var store = new ModelStore(ids);
        var planner =
                new Planner(
                        new TableNames("{db}", "{collection}", Map.of()),
                        DocumentRenderer.plain()::render);
        var database = new RestoredStore(store, random);
        new Replay(
                        ids,
                        history.records(ORDERS, TOPIC),
                        history.setAside(TOPIC),
                        planner,
                        plan -> {
                            assertOwnSweeps(plan);
                            return database.write(plan);
                        },
                        store::progress)
                .run(random);
        restored += database.restored();
        return store.values();
    }

    /** A Watcher's record in the topic of a collection says nothing of others. */
    private static void assertOwnSweeps(BatchPlan plan) {
        assertThat(plan.sweeps())
                .filteredOn(SweepMark::everywhere)
                .extracting(mark -> mark.table().table())
                .allMatch(ORDERS.collection()::equals);
    }
}
