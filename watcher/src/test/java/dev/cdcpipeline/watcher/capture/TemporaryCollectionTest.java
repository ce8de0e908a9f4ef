package dev.cdcpipeline.watcher.capture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cdcpipeline.model.Namespace;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;

class TemporaryCollectionTest {
    private final Scope scope = Scope.of(List.of("shop.*", "shop.tmp.mr.mine"), List.of());

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tmp.agg_out.bcda49ce-e285-4a10-84dc-35ace82acb74",
                "tmp.agg_out.36",
                "tmp.mr.orders_7",
                "tmpgq2Xs.convertToCapped.items",
                "tmpq5Q4E.renameCollection",
                "tmpq5Q4E.rename",
                "tmpq5Q4E.create",
                "system.resharding.1e2f",
                "system.buckets.weather"
            })
    @DisplayName("case W7: collections that MongoDB makes on the way to others are known by name")
    void knowsTemporaryCollections(String name) {
        assertThat(scope.isTemporary(new Namespace("shop", name))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tmp",
                "tmp.orders",
                "tmp_orders",
                "tmporders",
                "tmpabcde.renamed",
                "tmpabcde.createdToday",
                "tmp-bcde.rename",
                "temporary.rename.list",
                "my.tmp.agg_out.1",
                "systems",
                "tmp.mr.mine"
            })
    @DisplayName(
            "case W7: a name that is only like theirs is anybody's, and one that is asked for is")
    void knowsOthers(String name) {
        assertThat(scope.isTemporary(new Namespace("shop", name))).isFalse();
    }

    @Test
    @DisplayName("case C2: a rename that ends a resharding replaces nothing")
    void reshardingReplacesNothing() {
        assertThat(Scope.replacesContent(new Namespace("shop", "system.resharding.1e2f")))
                .isFalse();
        assertThat(Scope.replacesContent(new Namespace("shop", "tmp.agg_out.1"))).isTrue();
    }
}
