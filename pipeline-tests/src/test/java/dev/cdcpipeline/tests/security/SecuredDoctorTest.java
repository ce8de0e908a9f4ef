package dev.cdcpipeline.tests.security;

import static dev.cdcpipeline.tests.security.SecuredServers.PASSWORD;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cdcpipeline.cli.doctor.Doctor;
import dev.cdcpipeline.cli.doctor.Finding;
import dev.cdcpipeline.cli.doctor.Finding.Mark;
import dev.cdcpipeline.cli.doctor.Findings;
import dev.cdcpipeline.platform.config.Configuration;
import dev.cdcpipeline.syncer.app.SyncerSettings;
import dev.cdcpipeline.watcher.app.WatcherSettings;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * {@code cdc config check --connect} trusts the servers that a service would trust, and no others.
 */
@Timeout(240)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SecuredDoctorTest {
    private SecuredServers servers;
    private final String database = "checked_" + UUID.randomUUID().toString().substring(0, 8);

    @TempDir private Path folder;

    @BeforeAll
    void start(@TempDir Path shared) throws Exception {
        servers = new SecuredServers(shared);
    }

    @AfterAll
    void stop() {
        servers.close();
    }

    private List<Finding> watcher(String option, String value) throws InterruptedException {
        var found = new ArrayList<Finding>();
        var environment = with(servers.watcher(database, folder), option, value);
        new Doctor(new Findings(found::add), Duration.ofSeconds(10))
                .examine(Configuration.load(WatcherSettings.class, null, environment));
        return found;
    }

    private List<Finding> syncer(String option, String value) throws InterruptedException {
        var found = new ArrayList<Finding>();
        var environment = with(servers.syncer(database), option, value);
        new Doctor(new Findings(found::add), Duration.ofSeconds(10))
                .examine(Configuration.load(SyncerSettings.class, null, environment));
        return found;
    }

    private static Map<String, String> with(
            Map<String, String> environment, String option, String value) {
        String service = option.substring(0, option.indexOf('_'));
        environment.put(service + "_HTTP_PORT", "0");
        environment.put(option, value);
        return environment;
    }

    private static void assertFinds(List<Finding> findings, String says, String mend) {
        assertThat(findings)
                .filteredOn(finding -> finding.mark() == Mark.WRONG)
                .anySatisfy(
                        finding -> {
                            assertThat(finding.says()).contains(says);
                            assertThat(finding.mend()).contains(mend);
                        });
    }

    @Test
    @DisplayName("11.5: a check of servers with TLS, users and rights finds all well")
    void findsAllWell() throws Exception {
        assertThat(watcher("WATCHER_ID", database)).noneMatch(each -> each.mark() == Mark.WRONG);
        assertThat(syncer("SYNCER_KAFKA_GROUP", "cdc-" + database))
                .noneMatch(each -> each.mark() == Mark.WRONG);
    }

    @Test
    @DisplayName(
            "11.5: PostgreSQL with a certificate for another host is refused, as in the Syncer")
    void refusesAnotherHostOfPostgres() throws Exception {
        assertFinds(
                syncer("SYNCER_POSTGRESQL_URL", servers.postgres.jdbcUrl()),
                "The certificate of PostgreSQL is not for the host name",
                "syncer.postgresql.url");
    }

    @Test
    @DisplayName("11.5: MongoDB with a certificate for another host is refused, as in the Watcher")
    void refusesAnotherHostOfMongo() throws Exception {
        assertFinds(
                watcher(
                        "WATCHER_MONGODB_URI",
                        servers.mongo.uri().replace("127.0.0.1", "localhost") + "&tls=true"),
                "The certificate of MongoDB is not for the host name",
                "watcher.mongodb.uri");
    }

    @Test
    @DisplayName("11.5: Redis with a certificate for another host is refused, as in the Watcher")
    void refusesAnotherHostOfRedis() throws Exception {
        assertFinds(
                watcher(
                        "WATCHER_CHECKPOINT_REDIS_URL",
                        servers.redisUrl("watcher", PASSWORD).replace("localhost", "127.0.0.1")),
                "The certificate of Redis is not for the host name",
                "watcher.checkpoint.redis.url");
    }

    @Test
    @DisplayName("11.5: Kafka with a certificate for another host is refused, as in the services")
    void refusesAnotherHostOfKafka() throws Exception {
        assertFinds(
                syncer(
                        "SYNCER_KAFKA_BOOTSTRAP_SERVERS",
                        servers.kafka.saslBootstrapServers().replace("localhost", "127.0.0.1")),
                "The certificate of Kafka is not for the host name",
                "syncer.kafka.bootstrap-servers");
    }
}
