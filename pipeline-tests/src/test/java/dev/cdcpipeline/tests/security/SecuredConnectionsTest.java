package dev.cdcpipeline.tests.security;

import static dev.cdcpipeline.tests.security.SecuredServers.PASSWORD;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;

import com.mongodb.ConnectionString;
import com.mongodb.MongoClientSettings;
import com.mongodb.client.MongoClients;

import dev.cdcpipeline.platform.failure.Explained;
import dev.cdcpipeline.platform.secret.Redaction;
import dev.cdcpipeline.tests.RunningService;

import org.bson.Document;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

import javax.net.ssl.SSLContext;

/** Both services against servers that insist on TLS, users and rights. */
@Timeout(240)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SecuredConnectionsTest {
    private SecuredServers servers;
    private final String database = "secured_" + UUID.randomUUID().toString().substring(0, 8);

    @TempDir private Path folder;

    @BeforeAll
    void start(@TempDir Path shared) throws Exception {
        servers = new SecuredServers(shared);
    }

    @AfterAll
    void stop() {
        servers.close();
    }

    @Test
    @DisplayName(
            "11, 15: an event flows by Kafka SASL_SSL (SCRAM-SHA-512, PLAIN), PostgreSQL verify-full with SCRAM, Redis"
                    + " by TLS with an ACL user, MongoDB by TLS")
    void carriesEventsWithPasswords() throws Exception {
        carryADocument(
                database + "_p",
                servers.watcher(database + "_p", folder),
                servers.syncer(database + "_p"));
    }

    @Test
    @DisplayName(
            "11, 15: an event flows by client certificates for Kafka, PostgreSQL, Redis, MongoDB")
    void carriesEventsWithCertificates() throws Exception {
        String name = database + "_c";
        Path certificate = servers.certificates.client("certified").certificate();
        Path key = servers.certificates.client("certified").key();
        var watcher = servers.watcher(name, folder);
        servers.withCertificate(watcher, "WATCHER", "certified");
        for (var server : new String[] {"WATCHER_MONGODB_TLS_", "WATCHER_CHECKPOINT_REDIS_TLS_"}) {
            watcher.put(server + "CERTIFICATE", certificate.toString());
            watcher.put(server + "KEY", key.toString());
        }
        var syncer = servers.syncer(name);
        servers.withCertificate(syncer, "SYNCER", "certified");
        syncer.put("SYNCER_POSTGRESQL_USER", "certified");
        syncer.remove("SYNCER_POSTGRESQL_PASSWORD");
        syncer.put("SYNCER_POSTGRESQL_PROPERTIES_SSLCERT", certificate.toString());
        syncer.put(
                "SYNCER_POSTGRESQL_PROPERTIES_SSLKEY",
                servers.certificates.der("certified").toString());

        carryADocument(name, watcher, syncer);
    }

    private void carryADocument(
            String name, Map<String, String> watcher, Map<String, String> syncer) throws Exception {
        try (var from = RunningService.watcher(watcher);
                var to = RunningService.syncer(syncer);
                var client = MongoClients.create(admin())) {
            var orders = client.getDatabase(name).getCollection("orders");
            await().atMost(60, SECONDS)
                    .failFast(
                            () -> {
                                from.assertRunning();
                                to.assertRunning();
                            })
                    .pollInterval(500, MILLISECONDS)
                    .ignoreExceptionsInstanceOf(SQLException.class) // no table yet
                    .untilAsserted(
                            () -> {
                                // Again and again: the stream begins some time after the start.
                                orders.insertOne(new Document("total", 12.5));
                                assertThat(servers.rows(name + ".orders")).isPositive();
                            });
            await().atMost(60, SECONDS).until(() -> from.ready() && to.ready());
            await().atMost(60, SECONDS)
                    .until(
                            () ->
                                    from.metrics
                                                    .registry()
                                                    .get("cdc.watcher.checkpoint.saves")
                                                    .counter()
                                                    .count()
                                            > 0);
        }
    }

    private MongoClientSettings admin() throws Exception {
        var tls = SSLContext.getInstance("TLS");
        tls.init(
                null,
                servers.certificates.addressed().toTrustManagerFactory().getTrustManagers(),
                null);
        return MongoClientSettings.builder()
                .applyConnectionString(new ConnectionString(servers.mongo.uri() + "&tls=true"))
                .applyToSslSettings(ssl -> ssl.context(tls))
                .build();
    }

    /**
     * A refusal.
     *
     * @param options what is changed of a service that would work
     * @param says what the sentence for the operator holds
     */
    @SuppressWarnings("ArrayRecordComponent") // read only, and handy to write
    record Refusal(String service, Map<String, String> options, String... says) {}

    Stream<Arguments> refusals() {
        return Stream.of(
                Arguments.of(
                        "Kafka: a wrong password (SCRAM)",
                        new Refusal(
                                "WATCHER",
                                Map.of(
                                        "KAFKA_PROPERTIES_SASL_JAAS_CONFIG",
                                        SecuredServers.jaas("scram.Scram", "watcher", "wrong")),
                                "Kafka does not accept the user or the password",
                                "watcher.kafka.properties.sasl.jaas.config")),
                Arguments.of(
                        "Kafka: a wrong password (PLAIN)",
                        new Refusal(
                                "SYNCER",
                                Map.of(
                                        "KAFKA_PROPERTIES_SASL_JAAS_CONFIG",
                                        SecuredServers.jaas("plain.Plain", "syncer", "wrong")),
                                "Kafka does not accept the user or the password",
                                "syncer.kafka.properties.sasl.jaas.config")),
                Arguments.of(
                        "Kafka: a mechanism it does not offer",
                        new Refusal(
                                "SYNCER",
                                Map.of(
                                        "KAFKA_PROPERTIES_SASL_MECHANISM",
                                        "SCRAM-SHA-256",
                                        "KAFKA_PROPERTIES_SASL_JAAS_CONFIG",
                                        SecuredServers.jaas("scram.Scram", "syncer", PASSWORD)),
                                "Kafka does not offer this SASL mechanism",
                                "syncer.kafka.properties.sasl.mechanism")),
                Arguments.of(
                        "Kafka: an unknown authority",
                        new Refusal(
                                "WATCHER",
                                Map.of(
                                        "KAFKA_PROPERTIES_SSL_TRUSTSTORE_LOCATION",
                                        servers.certificates.stranger().toString()),
                                "certificate of Kafka is not signed by an authority",
                                "watcher.kafka.properties.ssl.truststore.location")),
                Arguments.of(
                        "Kafka: another host name",
                        new Refusal(
                                "SYNCER",
                                Map.of(
                                        "KAFKA_BOOTSTRAP_SERVERS",
                                        servers.kafka
                                                .saslBootstrapServers()
                                                .replace("localhost", "127.0.0.1")),
                                "certificate of Kafka is not for the host name",
                                "syncer.kafka.bootstrap-servers")),
                Arguments.of(
                        "Kafka: no right on the topic",
                        new Refusal(
                                "SYNCER",
                                Map.of("KAFKA_TOPIC_PATTERN", "", "KAFKA_TOPICS", "other.topic"),
                                "lacks a right on the topic other.topic",
                                "kafka-acls.sh")),
                Arguments.of(
                        "Kafka: no right on the group",
                        new Refusal(
                                "SYNCER",
                                Map.of("KAFKA_GROUP", "other"),
                                "may not use the consumer group other",
                                "kafka-acls.sh")),
                Arguments.of(
                        "PostgreSQL: a wrong password",
                        new Refusal(
                                "SYNCER",
                                Map.of("POSTGRESQL_PASSWORD", "wrong"),
                                "PostgreSQL does not accept the user or the password",
                                "syncer.postgresql.password")),
                Arguments.of(
                        "PostgreSQL: no password",
                        new Refusal(
                                "SYNCER",
                                Map.of("POSTGRESQL_PASSWORD", ""),
                                "PostgreSQL and the driver do not agree",
                                "syncer.postgresql.password")),
                Arguments.of(
                        "PostgreSQL: no TLS",
                        new Refusal(
                                "SYNCER",
                                Map.of("POSTGRESQL_PROPERTIES_SSLMODE", "disable"),
                                "PostgreSQL does not let this user in",
                                "pg_hba.conf")),
                Arguments.of(
                        "PostgreSQL: an unknown authority",
                        new Refusal(
                                "SYNCER",
                                Map.of(
                                        "POSTGRESQL_PROPERTIES_SSLROOTCERT",
                                        servers.certificates.stranger().toString()),
                                "certificate of PostgreSQL is not signed by an authority",
                                "syncer.postgresql.properties.sslrootcert")),
                Arguments.of(
                        "PostgreSQL: another host name",
                        new Refusal(
                                "SYNCER",
                                Map.of("POSTGRESQL_URL", servers.postgres.jdbcUrl()),
                                "certificate of PostgreSQL is not for the host name",
                                "syncer.postgresql.url")),
                Arguments.of(
                        "PostgreSQL: no such database",
                        new Refusal(
                                "SYNCER",
                                Map.of(
                                        "POSTGRESQL_URL",
                                        "jdbc:postgresql://localhost:%d/nothing"
                                                .formatted(servers.postgres.port())),
                                "PostgreSQL has no such database",
                                "syncer.postgresql.url")),
                Arguments.of(
                        "PostgreSQL: a right is missing",
                        new Refusal(
                                "SYNCER",
                                Map.of("POSTGRESQL_USER", "poor"),
                                "permission denied",
                                "GRANT CREATE")),
                Arguments.of(
                        "Redis: a wrong password",
                        new Refusal(
                                "WATCHER",
                                Map.of(
                                        "CHECKPOINT_REDIS_URL",
                                        servers.redisUrl("watcher", "wrong")),
                                "Redis does not accept the user or the password",
                                "watcher.checkpoint.redis.url")),
                Arguments.of(
                        "Redis: an unknown authority",
                        new Refusal(
                                "WATCHER",
                                Map.of(
                                        "CHECKPOINT_REDIS_TLS_CA",
                                        servers.certificates.stranger().toString()),
                                "certificate of Redis is not signed by an authority",
                                "watcher.checkpoint.redis.tls.ca")),
                Arguments.of(
                        "Redis: another host name",
                        new Refusal(
                                "WATCHER",
                                Map.of(
                                        "CHECKPOINT_REDIS_URL",
                                        servers.redisUrl("watcher", PASSWORD)
                                                .replace("localhost", "127.0.0.1")),
                                "certificate of Redis is not for the host name",
                                "watcher.checkpoint.redis.url")),
                Arguments.of(
                        "Redis: a right is missing",
                        new Refusal(
                                "WATCHER",
                                Map.of("CHECKPOINT_REDIS_URL", servers.redisUrl("poor", PASSWORD)),
                                "The Redis user lacks a right",
                                "ACL SETUSER")),
                Arguments.of(
                        "MongoDB: an unknown authority",
                        new Refusal(
                                "WATCHER",
                                Map.of(
                                        "MONGODB_TLS_CA",
                                        servers.certificates.stranger().toString(),
                                        "MONGODB_URI",
                                        servers.mongo.uri()
                                                + "&tls=true&serverSelectionTimeoutMS=1000"),
                                "certificate of MongoDB is not signed by an authority",
                                "watcher.mongodb.tls.ca")),
                Arguments.of(
                        "MongoDB: a user it does not know",
                        new Refusal(
                                "WATCHER",
                                Map.of(
                                        "MONGODB_URI",
                                        servers.mongo.uri().replace("://", "://me:wrong@")
                                                + "&tls=true&authMechanism=SCRAM-SHA-256"),
                                "MongoDB does not accept the user or the password",
                                "authSource")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refusals")
    @DisplayName(
            "12.5, 11: what a server refuses stops the service with a sentence that says what to do")
    void saysWhatIsRefusedAndWhatToDo(String what, Refusal refusal) throws Exception {
        boolean watcher = refusal.service().equals("WATCHER");
        var environment = watcher ? servers.watcher(database, folder) : servers.syncer(database);
        refusal.options()
                .forEach((name, value) -> environment.put(refusal.service() + "_" + name, value));

        try (var service =
                watcher
                        ? RunningService.watcher(environment)
                        : RunningService.syncer(environment)) {
            Throwable failure = service.failure();

            assertThat(sentence(failure))
                    .as(what)
                    .contains(refusal.says())
                    .doesNotContain("wrong\"", "\n");
            assertThat(service.ready()).isFalse();
        }
    }

    @ParameterizedTest
    @MethodSource("services")
    @DisplayName(
            "12.5, 11: a client certificate that has expired stops the service with a sentence")
    void saysThatTheCertificateIsRefused(String name) throws Exception {
        boolean watcher = name.equals("WATCHER");
        var environment = watcher ? servers.watcher(database, folder) : servers.syncer(database);
        servers.withCertificate(environment, name, "certified-expired");

        try (var service =
                watcher
                        ? RunningService.watcher(environment)
                        : RunningService.syncer(environment)) {
            assertThat(sentence(service.failure()))
                    .contains("Kafka refuses the TLS connection", "ssl.keystore.location");
        }
    }

    static Stream<String> services() {
        return Stream.of("WATCHER", "SYNCER");
    }

    /** What the log says of a failure; only what is explained is without a stack trace. */
    private static String sentence(Throwable failure) {
        for (Throwable each = failure; each != null; each = each.getCause()) {
            if (each instanceof Explained explained) {
                return Redaction.redact(String.valueOf(explained.getMessage()));
            }
        }
        throw new AssertionError("nothing explains it", failure);
    }
}
