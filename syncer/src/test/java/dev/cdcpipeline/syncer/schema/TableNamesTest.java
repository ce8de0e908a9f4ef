package dev.cdcpipeline.syncer.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cdcpipeline.model.Namespace;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.Map;

/** 8.1: which table the rows of a collection go to. */
class TableNamesTest {

    @ParameterizedTest(name = "{2}.{3} of the templates {0} and {1} is {4}.{5}")
    @CsvSource({
        "{db}, {collection}, shop, orders, shop, orders",
        "all, {db}_{collection}, shop, orders, all, shop_orders",
        "{db}_{db}, {collection}{collection}, shop, orders, shop_shop, ordersorders",
        "{db}, {collection}, shop, orders.eu, shop, orders.eu",
        "{db}, {collection}, shop, {db}, shop, {db}",
        "all, {db}_{collection}, shop, {db}, all, shop_{db}",
        "all, {db}_{collection}, {collection}, orders, all, {collection}_orders",
        "{Db}, {collection, shop, orders, {Db}, {collection"
    })
    @DisplayName("Templates are filled with the names in MongoDB, once")
    void templatesAreFilledOnce(
            String schemaTemplate,
            String tableTemplate,
            String database,
            String collection,
            String schema,
            String table) {
        var names = new TableNames(schemaTemplate, tableTemplate, Map.of());

        assertThat(names.of(new Namespace(database, collection)))
                .isEqualTo(new TableName(schema, table));
    }

    @ParameterizedTest(name = "{0} with its own entry {1} is {2}.{3}")
    @CsvSource({
        "shop.orders, sales.bought, sales, bought",
        "shop.orders, sales.bought.eu, sales, bought.eu",
        "shop.orders, bought, s_shop, bought",
        "shop.orders, {collection}, s_shop, {collection}",
        "shop.orders.eu, bought, s_shop, bought"
    })
    @DisplayName("A collection's own entry is before the templates; without a schema it has theirs")
    void anEntryIsBeforeTheTemplates(String collection, String entry, String schema, String table) {
        var names = new TableNames("s_{db}", "t_{collection}", Map.of(collection, entry));

        assertThat(names.of(Namespace.parse(collection))).isEqualTo(new TableName(schema, table));
        assertThat(names.of(new Namespace("shop", "others")))
                .isEqualTo(new TableName("s_shop", "t_others"));
    }

    @Test
    @DisplayName("I3: a collection cannot have the table of another one by its own entry either")
    void anEntryCannotNameTheTableOfAnotherCollection() {
        var names = new TableNames("{db}", "{collection}", Map.of("shop.archived", "shop.orders"));
        var orders = new Namespace("shop", "orders");
        TableName table = names.of(orders);

        assertThatThrownBy(() -> names.of(new Namespace("shop", "archived")))
                .isInstanceOf(TableConflictException.class)
                .hasMessageContaining("shop.orders and shop.archived");
        assertThat(names.of(orders)).isSameAs(table);
        assertThat(names.owner(table)).isEqualTo(orders);
    }
}
