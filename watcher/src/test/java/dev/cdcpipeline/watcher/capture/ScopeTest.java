package dev.cdcpipeline.watcher.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cdcpipeline.model.Namespace;

import org.bson.BsonDocument;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Objects;

class ScopeTest {
    private static Scope scope(String... patterns) {
        List<String> all = List.of(patterns);
        return Scope.of(
                all.stream().filter(p -> !p.startsWith("-")).toList(),
                all.stream().filter(p -> p.startsWith("-")).map(p -> p.substring(1)).toList());
    }

    @Test
    @DisplayName("1.2: one exact collection is a collection stream without a filter")
    void oneCollectionIsItsOwnStream() {
        assertThat(scope("shop.orders").target())
                .isEqualTo(new StreamTarget.Collection("shop", "orders"));
        assertThat(scope("shop.orders").match()).isNull();
    }

    @Test
    @DisplayName(
            "1.2: patterns of one database are a database stream, without a filter when they take all of it")
    void patternsOfOneDatabaseAreADatabaseStream() {
        assertThat(scope("shop.*").target()).isEqualTo(new StreamTarget.Database("shop"));
        assertThat(scope("shop.*").match()).isNull();
        assertThat(scope("shop.orders", "shop.customers").target())
                .isEqualTo(new StreamTarget.Database("shop"));
        assertThat(scope("shop.orders", "shop.customers").match()).isNotNull();
        assertThat(scope("shop.*", "-shop.log").match()).isNotNull();
    }

    @Test
    @DisplayName("1.2: patterns of several databases are a cluster stream")
    void patternsOfSeveralDatabasesAreAClusterStream() {
        assertThat(scope("shop.orders", "crm.people").target())
                .isEqualTo(new StreamTarget.Cluster());
        assertThat(scope("sh*.orders").target()).isEqualTo(new StreamTarget.Cluster());
        assertThat(scope("*").target()).isEqualTo(new StreamTarget.Cluster());
        assertThat(scope("*").match()).isNull();
    }

    @Test
    @DisplayName(
            "1.2: exact collections become one $in on ns.coll, and invalidate and dropDatabase pass")
    void exactCollectionsBecomeOneIn() {
        assertThat(scope("shop.orders", "shop.customers").match())
                .isEqualTo(
                        BsonDocument.parse(
                                """
                {"$match": {"$or": [
                  {"ns.db": "shop", "ns.coll": {"$in": ["orders", "customers"]}},
                  {"to.db": "shop", "to.coll": {"$in": ["orders", "customers"]}, "operationType": "rename"},
                  {"ns.db": "shop", "operationType": "dropDatabase"},
                  {"operationType": "invalidate"}]}}"""));
    }

    @Test
    @DisplayName(
            "1.2: wildcards become anchored regular expressions with everything else taken literally")
    void wildcardsBecomeAnchoredExpressions() {
        BsonDocument match = Objects.requireNonNull(scope("shop.a+b*", "-shop.a+b1").match());
        assertThat(match.toJson()).contains("^a\\\\+b.*$").contains("$nor");
    }

    @Test
    @DisplayName(
            "1.2: include and exclude patterns over database.collection, exact and with wildcards")
    void coversWhatIsIncludedAndNotExcluded() {
        Scope scope = scope("shop.*", "crm.people.v*", "-shop.log*", "-*.system.views");
        assertThat(scope.covers(new Namespace("shop", "orders"))).isTrue();
        assertThat(scope.covers(new Namespace("shop", "a.b.c"))).isTrue();
        assertThat(scope.covers(new Namespace("shop", "logs"))).isFalse();
        assertThat(scope.covers(new Namespace("shop", "system.views"))).isFalse();
        assertThat(scope.covers(new Namespace("crm", "people.v2"))).isTrue();
        assertThat(scope.covers(new Namespace("crm", "people"))).isFalse();
        assertThat(scope.covers(new Namespace("shopx", "orders"))).isFalse();
    }

    @Test
    @DisplayName("11.5: a malformed pattern is refused with an example")
    void refusesMalformedPatterns() {
        assertThatThrownBy(() -> scope("orders"))
                .hasMessageContaining("'orders'")
                .hasMessageContaining("shop.orders");
        assertThatThrownBy(() -> scope("shop.")).hasMessageContaining("'shop.'");
        assertThatThrownBy(() -> Scope.of(List.of(), List.of())).hasMessageContaining("include");
    }
}
