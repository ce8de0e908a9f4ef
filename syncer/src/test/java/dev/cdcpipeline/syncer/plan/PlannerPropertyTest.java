package dev.cdcpipeline.syncer.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cdcpipeline.model.Namespace;
import dev.cdcpipeline.model.wire.DocumentRenderer;
import dev.cdcpipeline.syncer.schema.TableNames;
import dev.cdcpipeline.syncer.support.History;
import dev.cdcpipeline.syncer.support.ModelStore;
import dev.cdcpipeline.syncer.support.Reference;
import dev.cdcpipeline.syncer.support.Replay;
import dev.cdcpipeline.testkit.Property;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.util.Map;
import java.util.UUID;
import java.util.random.RandomGeneratorFactory;

class PlannerPropertyTest {
    private static final Namespace ORDERS = new Namespace("shop", "orders");

    private record Case(History history, long seed) {}

    @Test
    @DisplayName(
            "I1-I4, Properties 11, 13, 14, 17: any cut into batches, any re-delivery and any"
                    + " interleaving gives the tables of applying one by one")
    void anyCutGivesTheSameTables() {
        Property.forAll(
                2_000,
                random -> new Case(History.generateStrange(random), random.nextLong()),
                each -> check(each.history(), each.seed()));
    }

    private static void check(History history, long seed) throws Exception {
        var random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        var ids = history.ids(new UUID(1, 1), "topic");
        var store = new ModelStore(ids);
        var planner =
                new Planner(
                        new TableNames("{db}", "{collection}", Map.of()),
                        DocumentRenderer.plain()::render);
        new Replay(
                        ids,
                        history.records(ORDERS, "topic"),
                        history.setAside("topic"),
                        planner,
                        store,
                        store::progress)
                .run(random);
        assertThat(store.values()).isEqualTo(Reference.rows(history));
    }
}
