package dev.cdcpipeline.tests.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import static java.util.concurrent.TimeUnit.SECONDS;

import com.mongodb.client.MongoClients;

import dev.cdcpipeline.embedded.KafkaBroker;
import dev.cdcpipeline.embedded.PostgresServer;
import dev.cdcpipeline.embedded.mongo.MongoReplicaSet;

import org.bson.Document;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/**
 * Real processes with a canary in every credential, every logger at TRACE, and no server to reach.
 */
@Timeout(240)
class SecretsTest {
    private static final String CANARY = "canary4711";

    @TempDir private Path checkpoints;

    @Test
    @DisplayName(
            "10.5 No credential of the Watcher comes out of it, in logs at TRACE, health or metrics")
    void keepsTheSecretsOfTheWatcher() throws Exception {
        var environment = environment("WATCHER");
        environment.put(
                "WATCHER_MONGODB_URI",
                "mongodb://me:%s@127.0.0.1:1/?replicaSet=rs0&serverSelectionTimeoutMS=500"
                        .formatted(CANARY));
        environment.put("WATCHER_SCOPE_INCLUDE", "shop.*");

        assertThat(everythingFrom("watcher", environment))
                .contains("org.mongodb.driver", "\"level\":\"TRACE\"")
                .doesNotContain(CANARY);
    }

    @Test
    @DisplayName(
            "10.5 No credential of the Syncer comes out of it, in logs at TRACE, health or metrics")
    void keepsTheSecretsOfTheSyncer() throws Exception {
        var environment = environment("SYNCER");
        environment.put("SYNCER_POSTGRESQL_URL", "jdbc:postgresql://127.0.0.1:1/app");
        environment.put("SYNCER_POSTGRESQL_USER", "me");
        environment.put("SYNCER_POSTGRESQL_PASSWORD", CANARY);
        environment.put("SYNCER_KAFKA_TOPIC_PATTERN", "cdc[.].*");

        assertThat(everythingFrom("syncer", environment))
                .contains("org.apache.kafka")
                .doesNotContain(CANARY);
    }

    @Test
    @DisplayName(
            "10.5 No credential of a Syncer at work comes out of it, in logs at TRACE, health, metrics, or dead letters"
                    + " with their headers; from files and expressions too")
    void keepsTheSecretsOfASyncerAtWork(@TempDir Path folder) throws Exception {
        Path secret = Files.writeString(folder.resolve("secret"), CANARY);
        Path yaml =
                Files.writeString(
                        folder.resolve("syncer.yaml"),
                        "syncer: {kafka: {properties: {sasl.jaas.config: '${JAAS}'}}}");
        try (var kafka = KafkaBroker.start();
                var postgres = PostgresServer.start()) {
            var environment = environment("SYNCER");
            environment.remove("SYNCER_KAFKA_PROPERTIES_SASL_JAAS_CONFIG");
            environment.put("JAAS", jaas());
            environment.put("SYNCER_KAFKA_BOOTSTRAP_SERVERS", kafka.bootstrapServers());
            environment.put("SYNCER_KAFKA_PROPERTIES_SECURITY_PROTOCOL", "PLAINTEXT");
            environment.put(
                    "SYNCER_KAFKA_PROPERTIES_SSL_KEYSTORE_PASSWORD_FILE", secret.toString());
            environment.put("SYNCER_KAFKA_PROPERTIES_SSL_KEY_PASSWORD", CANARY);
            environment.put("SYNCER_KAFKA_PROPERTIES_SSL_TRUSTSTORE_PASSWORD", CANARY);
            environment.put("SYNCER_KAFKA_TOPICS", "cdc.shop.orders");
            environment.put("SYNCER_POSTGRESQL_URL", postgres.jdbcUrl());
            environment.put("SYNCER_POSTGRESQL_USER", postgres.user());
            environment.put("SYNCER_POSTGRESQL_PASSWORD_FILE", secret.toString());
            environment.put("SYNCER_DEAD_LETTER_MAX_SHARE", "1");
            var letters = new Letters(kafka);
            letters.spoil("cdc.shop.orders");

            try (var process = new CanaryProcess("syncer", environment, yaml)) {
                String letter = letters.first("cdc.dead-letter");
                var seen = process.get("/health") + process.get("/metrics");
                process.stop();

                assertThat(letter).contains("cdc.dlq.cause").doesNotContain(CANARY);
                assertThat(seen).contains("cdc_syncer_dead_letters").doesNotContain(CANARY);
                assertThat(process.printed())
                        .contains("\"level\":\"TRACE\"")
                        .doesNotContain(CANARY);
            }
        }
    }

    @Test
    @DisplayName(
            "10.5 No credential of a Watcher at work comes out of it, in logs at TRACE, health, metrics, or dead letters"
                    + " with their headers")
    void keepsTheSecretsOfAWatcherAtWork() throws Exception {
        try (var kafka = KafkaBroker.start();
                var mongo = MongoReplicaSet.start()) {
            var environment = environment("WATCHER");
            environment.put("WATCHER_MONGODB_URI", mongo.uri());
            environment.put("WATCHER_SCOPE_INCLUDE", "shop.*");
            environment.put("WATCHER_KAFKA_BOOTSTRAP_SERVERS", kafka.bootstrapServers());
            environment.put("WATCHER_KAFKA_PROPERTIES_SECURITY_PROTOCOL", "PLAINTEXT");
            environment.put("WATCHER_KAFKA_PROPERTIES_SSL_KEY_PASSWORD", CANARY);
            environment.put("WATCHER_KAFKA_PROPERTIES_SSL_TRUSTSTORE_PASSWORD", CANARY);
            environment.put("WATCHER_CHECKPOINT_REDIS_URL", "redis://me:" + CANARY + "@127.0.0.1");
            environment.put("WATCHER_PUBLISH_TOO_LARGE", "dead-letter");
            var letters = new Letters(kafka);
            letters.takeOnlySmall("cdc.shop.orders");

            try (var process = new CanaryProcess("watcher", environment)) {
                await().atMost(90, SECONDS)
                        .until(() -> process.get("/health").contains("\"ready\":true"));
                try (var client = MongoClients.create(mongo.uri())) {
                    var large = new byte[10_000];
                    new Random(1).nextBytes(large);
                    client.getDatabase("shop")
                            .getCollection("orders")
                            .insertOne(new Document("large", large));
                }
                String letter = letters.first("cdc-watcher-dead-letter");
                var seen = process.get("/health") + process.get("/metrics");
                process.stop();

                assertThat(letter)
                        .contains(
                                "cdc.dlq.topiccdc.shop.orders", "cdc.dlq.cause", "cdc.dlq.left-out")
                        .contains("\"namespace\": \"shop.orders\"", "RecordTooLarge")
                        .doesNotContain(CANARY);
                assertThat(seen).contains("cdc_watcher_dead_letters").doesNotContain(CANARY);
                assertThat(process.printed())
                        .contains("\"level\":\"TRACE\"", "is too large for Kafka")
                        .doesNotContain(CANARY);
            }
        }
    }

    @Test
    @DisplayName(
            "10.5 No credential of either service comes out of cdc pipeline, in logs at TRACE, health or metrics")
    void keepsTheSecretsOfBothInOneProcess() throws Exception {
        var environment = environment("WATCHER");
        environment.putAll(environment("SYNCER"));
        environment.put(
                "WATCHER_MONGODB_URI",
                "mongodb://me:%s@127.0.0.1:1/?serverSelectionTimeoutMS=500".formatted(CANARY));
        environment.put("WATCHER_SCOPE_INCLUDE", "shop.*");
        environment.put("SYNCER_POSTGRESQL_URL", "jdbc:postgresql://127.0.0.1:1/app");
        environment.put("SYNCER_POSTGRESQL_USER", "me");
        environment.put("SYNCER_POSTGRESQL_PASSWORD", CANARY);
        environment.put("SYNCER_KAFKA_TOPIC_PATTERN", "cdc[.].*");

        assertThat(everythingFrom("pipeline", environment))
                .contains("\"service\":\"pipeline\"", "org.mongodb.driver", "org.apache.kafka")
                .doesNotContain(CANARY);
    }

    @Test
    @DisplayName("10.5 No credential comes out of cdc config check, which tries every server")
    void keepsTheSecretsOfAConfigurationThatIsChecked() throws Exception {
        var environment = environment("WATCHER");
        environment.put(
                "WATCHER_MONGODB_URI",
                "mongodb://me:%s@127.0.0.1:1/?serverSelectionTimeoutMS=500".formatted(CANARY));
        environment.put("WATCHER_SCOPE_INCLUDE", "shop.*");
        environment.put("WATCHER_CHECKPOINT_STORE", "redis");
        environment.put(
                "WATCHER_CHECKPOINT_REDIS_URL", "redis://me:%s@127.0.0.1:1".formatted(CANARY));
        Path yaml = Files.writeString(Files.createTempFile("watcher", ".yaml"), "watcher: {}");
        try (var process =
                new CanaryProcess(
                        List.of(
                                "config",
                                "check",
                                "--connect",
                                "--timeout",
                                "3",
                                "-c",
                                yaml.toString()),
                        environment)) {
            process.awaitEnd();

            assertThat(process.printed()).contains("MongoDB", "Redis").doesNotContain(CANARY);
        } finally {
            Files.delete(yaml);
        }
    }

    @Test
    @DisplayName("10.5 No credential comes out of a connection string that cannot be read")
    void keepsTheSecretsOfAConnectionStringThatIsWrong() throws Exception {
        for (var uri :
                new String[] {
                    "mongodb://me:%s@host:port/",
                    "mongodb://me:%s@",
                    "mongo://me:%s@host/",
                    "mongodb://me:%s@host/?ssl=perhaps&authMechanism=UNKNOWN"
                }) {
            var environment = environment("WATCHER");
            environment.put("WATCHER_MONGODB_URI", uri.formatted(CANARY));
            environment.put("WATCHER_SCOPE_INCLUDE", "shop.*");

            assertThat(everythingFrom("watcher", environment))
                    .as(uri)
                    .isNotBlank()
                    .doesNotContain(CANARY);
        }
    }

    /** Lets the process try for a while, and gathers all that can be seen of it. */
    private static String everythingFrom(String service, Map<String, String> environment)
            throws Exception {
        try (var process = new CanaryProcess(service, environment)) {
            process.awaitWarnings(3);
            var seen = process.get("/health") + process.get("/metrics");
            process.stop();
            return process.printed() + seen;
        }
    }

    private static String jaas() {
        return "org.apache.kafka.common.security.plain.PlainLoginModule required"
                + " username=\"me\" password=\"%s\";".formatted(CANARY);
    }

    private Map<String, String> environment(String service) {
        var environment = new HashMap<String, String>();
        environment.put("KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:1");
        environment.put("KAFKA_PROPERTIES_SECURITY_PROTOCOL", "SASL_PLAINTEXT");
        environment.put("KAFKA_PROPERTIES_SASL_MECHANISM", "PLAIN");
        environment.put("KAFKA_PROPERTIES_SASL_JAAS_CONFIG", jaas());
        environment.put("HTTP_PORT", "0");
        environment.put("HTTP_HOST", "127.0.0.1");
        environment.put("LOG_FORMAT", "json");
        environment.put("LOG_LEVEL", "trace");
        environment.put("LOG_LEVELS_ROOT", "trace");
        environment.put("SHUTDOWN_DEADLINE", "5s");
        var named = new HashMap<String, String>();
        environment.forEach(
                (name, value) -> named.put(service.toUpperCase(Locale.ROOT) + "_" + name, value));
        if (service.equals("WATCHER")) {
            named.put("WATCHER_CHECKPOINT_FILE_PATH", checkpoints.resolve("checkpoint").toString());
        }
        return named;
    }
}
