package dev.cdcpipeline.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;

import dev.cdcpipeline.cli.status.StatusTable;
import dev.cdcpipeline.demo.Servers;
import dev.cdcpipeline.demo.ServiceProcess;
import dev.cdcpipeline.embedded.LoopbackPort;
import dev.cdcpipeline.platform.lifecycle.ExitCode;

import org.bson.Document;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.net.URI;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;

/** {@code cdc pipeline} as a process on real servers: both services in it, one life and one end. */
class PipelineCommandTest {
    private static final Duration LIMIT = Duration.ofSeconds(90);

    private static Servers servers;

    private final int syncerPort = LoopbackPort.free();
    private ServiceProcess process;

    @BeforeAll
    static void startServers() {
        servers = Servers.start();
    }

    @AfterAll
    static void stopServers() {
        servers.close();
    }

    @BeforeEach
    void prepare() {
        process = new ServiceProcess("pipeline");
        process.jvmOptions(ServiceJvm.QUICK_START);
    }

    @AfterEach
    void end() {
        process.close();
    }

    @Test
    @DisplayName(
            "9.1 9.2 9.5 One process carries a document, and SIGTERM drains both and exits with 0")
    void carriesADocumentAndDrainsAtSigterm() throws Exception {
        process.start(configuration("one", servers.postgres().user()));
        process.awaitReady(LIMIT);
        try (MongoClient mongo = MongoClients.create(servers.mongo().uri())) {
            mongo.getDatabase("one").getCollection("orders").insertOne(new Document("_id", 1));
        }
        await().atMost(LIMIT).ignoreExceptions().until(() -> rows("one.orders") == 1);

        // Then status says of both that they are ready
        await().atMost(LIMIT)
                .untilAsserted(
                        () -> {
                            var table = StatusTable.ask(addresses(), Duration.ofMillis(100));
                            assertThat(table.allReady()).as("%s", table.lines()).isTrue();
                        });

        int code = process.stop();

        assertThat(code).as(process.logTail(20)).isZero();
        assertThat(process.logTail(100))
                .containsSubsequence("watcher drained", "syncer drained", "pipeline stopped")
                .contains(": captures +one.*", ": applies topics matching cdc[.]one[.].*");
    }

    @Test
    @DisplayName("9.5 When the Syncer fails, the Watcher is drained too and the exit code is 1")
    void endsWithOneWhenOneFails() throws Exception {
        try (var connection = servers.connect();
                var statement = connection.createStatement()) {
            statement.execute("create role without_rights login");
        }
        process.start(configuration("two", "without_rights"));

        await().atMost(LIMIT).until(() -> !process.isAlive());

        assertThat(process.stop()).isEqualTo(1);
        assertThat(process.logTail(200))
                .contains("the syncer has failed", "watcher drained", "GRANT CREATE");
    }

    @Test
    @DisplayName("9.5 A stop while every server is down waits for none of them and exits with 0")
    void stopsWhileServersAreDown() {
        process.start(
                configuration("four", "cdc")
                        .replace(
                                servers.mongo().uri(),
                                "mongodb://127.0.0.1:1/?replicaSet=rs0&serverSelectionTimeoutMS=200")
                        .replace(servers.kafka().bootstrapServers(), "127.0.0.1:1")
                        .replace(servers.postgres().jdbcUrl(), "jdbc:postgresql://127.0.0.1:1/x"));
        await().atMost(LIMIT).until(() -> process.logTail(50).contains("mongodb failed"));

        assertThat(process.stop()).as(process.logTail(20)).isZero();
    }

    @Test
    @DisplayName("11.5 What does not fit together in one process is said at once")
    void refusesOnePortForBoth() {
        process.start(
                configuration("three", "cdc")
                        .replace("port: " + syncerPort, "port: " + process.httpPort()));

        await().atMost(LIMIT).until(() -> !process.isAlive());

        assertThat(process.stop()).isEqualTo(ExitCode.CONFIGURATION.value());
        assertThat(process.logTail(20)).contains("is the Watcher's port already");
    }

    private Map<String, URI> addresses() {
        return Map.of(
                "watcher", URI.create("http://127.0.0.1:" + process.httpPort()),
                "syncer", URI.create("http://127.0.0.1:" + syncerPort));
    }

    private static long rows(String table) throws SQLException {
        try (var connection = servers.connect();
                var query = connection.createStatement();
                var result = query.executeQuery("select count(*) from " + table)) {
            result.next();
            return result.getLong(1);
        }
    }

    private String configuration(String database, String user) {
        return """
                watcher:
                  mongodb:
                    uri: "%s"
                  scope:
                    include: "%s.*"
                  kafka:
                    bootstrap-servers: "%s"
                  checkpoint:
                    file:
                      path: "%s"
                  http:
                    host: 127.0.0.1
                    port: %d
                syncer:
                  kafka:
                    bootstrap-servers: "%s"
                    topic-pattern: "cdc[.]%s[.].*"
                    group: "%s"
                    discovery-interval: 500ms
                  postgresql:
                    url: "%s"
                    user: "%s"
                  http:
                    host: 127.0.0.1
                    port: %d
                """
                .formatted(
                        servers.mongo().uri(),
                        database,
                        servers.kafka().bootstrapServers(),
                        process.folder().resolve("checkpoint"),
                        process.httpPort(),
                        servers.kafka().bootstrapServers(),
                        database,
                        database,
                        servers.postgres().jdbcUrl(),
                        user,
                        syncerPort);
    }
}
