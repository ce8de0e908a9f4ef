package dev.cdcpipeline.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.cdcpipeline.model.Namespace;

import org.apache.kafka.common.internals.Topic;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class TopicNameTest {
    private static String name(String collection) {
        return TopicName.of("cdc", new Namespace("shop", collection));
    }

    @Test
    @DisplayName("3.1: a topic has the name of its collection")
    void isTheNameOfTheCollection() {
        assertThat(name("orders.v1")).isEqualTo("cdc.shop.orders.v1");
    }

    @Test
    @DisplayName("3.1: names that Kafka does not allow become allowed ones, each another one")
    void isAllowedAndUnique() {
        String long1 = "x".repeat(240) + "1";
        String long2 = "x".repeat(240) + "2";
        for (String collection : new String[] {"a b", "a/b", "größe", long1, long2}) {
            assertThatCode(() -> Topic.validate(name(collection))).doesNotThrowAnyException();
        }
        assertThat(name("a b")).isNotEqualTo(name("a/b")).isNotEqualTo(name("a_b"));
        assertThat(name(long1)).isNotEqualTo(name(long2));
    }
}
