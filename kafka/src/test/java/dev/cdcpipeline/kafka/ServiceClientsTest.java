package dev.cdcpipeline.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

class ServiceClientsTest {
    private static PublisherClients publisher(Map<String, String> properties) {
        return new PublisherClients(settings(properties), 1 << 20);
    }

    private static ApplierClients applier(Map<String, String> properties) {
        return new ApplierClients(
                settings(properties), "shop", 500, Duration.ofSeconds(10), 64L << 20);
    }

    private static KafkaSettings settings(Map<String, String> properties) {
        return new KafkaSettings("127.0.0.1:1", properties);
    }

    @Test
    @DisplayName("11.5 Whatever the tables fix of a service's own client is refused by its rule")
    void refusesWhatIsFixed() {
        assertThat(fixed(ProducerTables.events(1), PublisherClients.rule("x"))).isEmpty();
        assertThat(
                        fixed(
                                ConsumerTables.events("g", "id", 1, Duration.ofSeconds(1), 1),
                                ApplierClients.rule("x")))
                .containsExactly(ConsumerConfig.CLIENT_ID_CONFIG); // of which it makes its own
    }

    private static Stream<String> fixed(ClientTable table, KafkaPropertyRule rule) {
        return table.fixed().keySet().stream()
                .filter(name -> !rule.fixed().contains(name) && !rule.options().containsKey(name));
    }

    @Test
    @DisplayName("I1, I2: what the operator gives yields to what the guarantees rest on")
    void theGuaranteesStand() {
        assertThat(publisher(Map.of("acks", "0", "linger.ms", "50")).producerProperties())
                .containsEntry(ProducerConfig.ACKS_CONFIG, "all")
                .containsEntry(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 1)
                .containsEntry(ProducerConfig.LINGER_MS_CONFIG, "50");
        assertThat(applier(Map.of("isolation.level", "x")).consumerProperties())
                .containsEntry(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    }

    @Test
    @DisplayName("I6: options of the consumer never weaken the producer of the dead letters")
    void theDeadLettersProducerStaysDurable() {
        Map<String, Object> properties =
                applier(
                                Map.of(
                                        "acks", "0",
                                        "enable.idempotence", "false",
                                        "transactional.id", "mine",
                                        "security.protocol", "PLAINTEXT"))
                        .deadLetterProperties();
        assertThat(properties)
                .containsEntry(ProducerConfig.ACKS_CONFIG, "all")
                .containsEntry(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true)
                .containsEntry(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 5)
                .containsEntry("security.protocol", "PLAINTEXT")
                .doesNotContainKey(ProducerConfig.TRANSACTIONAL_ID_CONFIG);
    }

    @Test
    @DisplayName("The rule for all clients: what both kinds know, and what only plug-ins know")
    void oneRuleSaysWhatReachesAClient() {
        var given = new HashMap<String, String>();
        given.put("sasl.jaas.config", "x");
        given.put("connections.max.idle.ms", "1");
        given.put("my.login.handler.secret", "x");
        Map<String, String> shared = Map.copyOf(given);
        given.put("interceptor.classes", "x");
        given.put("default.api.timeout.ms", "1");
        given.put("linger.ms", "1");
        given.put("fetch.min.bytes", "1");
        given.put("transactional.id", "x");
        given.put("bootstrap.controllers", "x");

        for (ClientKind meantFor : ClientKind.values()) {
            var operator = new OperatorProperties(given, meantFor);
            for (ClientKind kind : ClientKind.values()) {
                assertThat(operator.reaching(kind))
                        .as("meant for %s, reaching %s", meantFor, kind)
                        .isEqualTo(kind == meantFor ? given : shared);
            }
        }
    }

    @Test
    @DisplayName(
            "The operator's request timeout reaches every client, which can be created with it")
    void aRequestTimeoutFitsEveryClient() {
        for (String millis : new String[] {"500", "45000", "90000"}) {
            Map<String, String> properties =
                    Map.of("request.timeout.ms", millis, "default.api.timeout.ms", "100000");
            for (KafkaClients clients :
                    new KafkaClients[] {publisher(properties), applier(properties)}) {
                clients.tryOut();
                clients.admin().close(Duration.ZERO);
                clients.admin(Duration.ofMillis(300)).close(Duration.ZERO);
            }
        }
    }

    @Test
    @DisplayName("A plug-in of the service's own client that is not there is found without Kafka")
    void findsAMissingPlugIn() {
        Map<String, String> properties = Map.of("interceptor.classes", "no.such.Interceptor");
        assertThatThrownBy(publisher(properties)::tryOut).isInstanceOf(KafkaException.class);
        assertThatThrownBy(applier(properties)::tryOut).isInstanceOf(KafkaException.class);
    }

    @Test
    @DisplayName("A member of the group is known by its client id, the operator's own too")
    void marksItsMembers() {
        assertThat(applier(Map.of()).consumerProperties())
                .containsEntry(ConsumerConfig.CLIENT_ID_CONFIG, "shop-canonical");
        assertThat(applier(Map.of("client.id", "one")).consumerProperties())
                .containsEntry(ConsumerConfig.CLIENT_ID_CONFIG, "one-canonical");
        assertThat(applier(Map.of("session.timeout.ms", " 20000")).afterlife())
                .isEqualTo(Duration.ofSeconds(23));
    }
}
