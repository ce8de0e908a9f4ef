package dev.cdcpipeline.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cdcpipeline.platform.config.Problem;

import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.Map;
import java.util.Set;

class KafkaPropertyRuleTest {
    private static final KafkaPropertyRule RULE =
            new KafkaPropertyRule(
                    "x.properties",
                    ConsumerConfig.configDef(),
                    Set.of("group.protocol"),
                    Map.of("max.poll.records", "x.max-poll-records"));

    private static List<String> problems(String name, String value) {
        return RULE.problems(Map.of(name, value)).stream().map(Problem::toString).toList();
    }

    @ParameterizedTest
    @CsvSource({
        "securty.protocol, security.protocol",
        "security-protocol, security.protocol",
        "Security.Protocol, security.protocol",
        "sasl.mechanisms, sasl.mechanism",
        "sasl.jaas.conf, sasl.jaas.config",
        "ssl.truststore.loction, ssl.truststore.location",
        "session.timeout, session.timeout.ms",
        "compresion.type, compression.type",
        "interceptor.class, interceptor.classes",
        "metrics.reporters, metric.reporters",
    })
    @DisplayName("11.5 A mistyped name, which Kafka's clients would pass over, is refused")
    void refusesMistypedNames(String mistyped, String meant) {
        assertThat(problems(mistyped, "PLAIN"))
                .singleElement()
                .asString()
                .contains("x.properties." + mistyped)
                .contains("did you mean " + meant + "?")
                .doesNotContain("PLAIN");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "security.protocol",
                "linger.ms",
                "delegation.retry.limit",
                "confluent.monitoring.interceptor.bootstrap.servers",
                "confluent.metrics.reporter.bootstrap.servers",
                "schema.registry.url",
                "schema.registry.ssl.truststore.location",
                "oauth.token.endpoint.uri",
                "aws.region",
                "region",
                "scope",
                "topic",
                "metrics.jmx.include",
                "ssl.keystore.alias",
                "my.interceptor.secret",
            })
    @DisplayName(
            "11.5 Options of interceptors, reporters and callback handlers have names of their own")
    void takesNamesThatAreFarFromKafkas(String name) {
        assertThat(problems(name, name.equals("linger.ms") ? "5" : "SSL")).isEmpty();
    }

    @Test
    @DisplayName(
            "11.5 What the service sets itself is refused, where it has an option with its name")
    void refusesWhatTheServiceSets() {
        assertThat(problems("group.protocol", "consumer"))
                .containsExactly(
                        "x.properties.group.protocol = consumer: the guarantees rest on the service's own value; leave it out");
        assertThat(problems("max.poll.records", "7"))
                .containsExactly(
                        "x.properties.max.poll.records = 7: set x.max-poll-records instead");
        assertThat(problems("fetch.min.bytes", "much"))
                .singleElement()
                .asString()
                .startsWith("x.properties.fetch.min.bytes = much: ");
    }
}
