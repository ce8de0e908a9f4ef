package dev.cdcpipeline.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cdcpipeline.cli.CommandRun;
import dev.cdcpipeline.embedded.KafkaBroker;

import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.metrics.KafkaMetric;
import org.apache.kafka.common.metrics.MetricsReporter;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** {@code cdc config check --connect} reaches Kafka with the very clients of the services. */
class KafkaPropertiesTest {
    private static KafkaBroker kafka;

    @TempDir Path folder;

    @BeforeAll
    static void startKafka() {
        kafka = KafkaBroker.start();
    }

    @AfterAll
    static void stopKafka() {
        kafka.close();
    }

    /** As Confluent's reporter: it cannot do without an option that Kafka does not know. */
    public static final class DemandingReporter implements MetricsReporter {
        @Override
        public void configure(Map<String, ?> configs) {
            if (!"here".equals(configs.get("demanding.reporter.place"))) {
                throw new ConfigException("demanding.reporter.place is missing");
            }
        }

        @Override
        public void init(List<KafkaMetric> metrics) {
            // It reports nothing.
        }

        @Override
        public void metricChange(KafkaMetric metric) {
            // It reports nothing.
        }

        @Override
        public void metricRemoval(KafkaMetric metric) {
            // It reports nothing.
        }

        @Override
        public void close() {
            // It holds nothing.
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"watcher", "syncer"})
    @DisplayName("11.5 A plug-in gets its own options in the check, as it does in the service")
    void aPlugInGetsItsOptions(String service) throws Exception {
        CommandRun run =
                check(
                        service,
                        """
                              metric.reporters: "%s"
                              demanding.reporter.place: "here"
                        """
                                .formatted(DemandingReporter.class.getName()));
        assertThat(run.out())
                .contains("[ok]    Kafka: " + kafka.bootstrapServers() + ", 1 broker")
                .doesNotContain("[wrong] Kafka");
    }

    @ParameterizedTest
    @ValueSource(strings = {"watcher", "syncer"})
    @DisplayName("11.5 A property that only the service's own client has, and cannot be created by")
    void findsWhatTheServiceCannotStartWith(String service) throws Exception {
        CommandRun run = check(service, "      interceptor.classes: \"no.such.Interceptor\"\n");
        assertThat(run.out())
                .contains("[wrong] Kafka: ", "no.such.Interceptor")
                .contains("%s.kafka.properties".formatted(service))
                .doesNotContain("[ok]    Kafka: ");
        assertThat(run.exitCode()).isNotZero();
    }

    private CommandRun check(String service, String properties) throws IOException {
        String yaml =
                """
                %s:
                  http:
                    port: 0
                  %s:
                    %s
                  kafka:
                    bootstrap-servers: "%s"
                %s    properties:
                %s\
                """
                                .formatted(
                                        service,
                                        service.equals("watcher") ? "mongodb" : "postgresql",
                                        service.equals("watcher")
                                                ? "uri: \"mongodb://127.0.0.1:1/?replicaSet=rs0\""
                                                : "url: \"jdbc:postgresql://127.0.0.1:1/app\"\n    user: cdc",
                                        kafka.bootstrapServers(),
                                        service.equals("watcher")
                                                ? ""
                                                : "    topic-pattern: \"cdc[.]shop[.].*\"\n",
                                        properties)
                        + (service.equals("watcher")
                                ? "  scope:\n    include: \"shop.*\"\n  checkpoint:\n    file:\n      path: \""
                                        + folder.resolve("watcher.checkpoint")
                                        + "\"\n"
                                : "");
        Path file = Files.writeString(folder.resolve("cdc.yaml"), yaml);
        return CommandRun.of(
                "config", "check", "--connect", "--timeout", "20", "-c", file.toString());
    }
}
