package dev.cdcpipeline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;

class MainTest {

    @TempDir Path folder;

    @Test
    void saysItsVersion() {
        CommandRun outcome = run("--version");

        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.out()).startsWith("cdc ").contains("Java ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "watcher",
                "syncer",
                "pipeline",
                "config",
                "status",
                "verify",
                "completion",
                "warm-up"
            })
    void teachesEveryCommand(String command) {
        CommandRun outcome = run(command, "--help");

        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.out()).contains("Usage: cdc " + command);
        assertThat(run("--help").out()).contains(command);
    }

    @Test
    void endsWithTwoForAWrongCommandLine() {
        assertThat(run().exitCode()).isEqualTo(2);
        assertThat(run("wacher").exitCode()).isEqualTo(2);
        assertThat(run("watcher", "--nonsense").exitCode()).isEqualTo(2);
        assertThat(run("verify", "--mongodb", "m", "--postgresql", "p", "orders").err())
                .contains("'orders' does not name a collection");
    }

    @Test
    @DisplayName("11.5 every problem of a configuration is printed, without a stack trace")
    void printsEveryProblemOfAConfiguration() throws IOException {
        Path file =
                Files.writeString(
                        folder.resolve("watcher.yaml"),
                        """
                        watcher:
                          kafka:
                            bootstrap-servers: nonsense
                          http:
                            port: 99999
                          nothing: at all
                        """);

        CommandRun outcome = run("watcher", "-c", file.toString());

        assertThat(outcome.exitCode()).isEqualTo(78);
        assertThat(outcome.err())
                .contains("watcher.kafka.bootstrap-servers = nonsense")
                .contains("watcher.http.port = 99999")
                .contains("watcher.mongodb.uri")
                .contains("watcher.nothing")
                .doesNotContain("\tat ");
    }

    @Test
    @DisplayName("11.5 config check: every problem of both services at once, also those of rules")
    void checksTheConfigurationOfBothServices() throws IOException {
        Path file =
                Files.writeString(
                        folder.resolve("cdc.yaml"),
                        """
                        watcher:
                          mongodb:
                            uri: localhost
                          scope:
                            include: [shop, "*.orders"]
                          kafka:
                            properties:
                              acks: 1
                              linger.ms: soon
                              "ssl.key.password": hidden
                          checkpoint:
                            store: redis
                          http:
                            port: -1
                        syncer:
                          kafka:
                            bootstrap-servers: localhost:9092
                            topics: [a]
                            topic-pattern: "("
                            properties:
                              auto.offset.reset: latest
                          postgresql:
                            url: jdbc:postgresql:app
                            user: cdc
                            pool-size: 0
                          table:
                            overrides:
                              shop.a: x.y
                              shop.b: x.y
                        """);

        CommandRun outcome = run("config", "check", "-c", file.toString());

        assertThat(outcome.exitCode()).isEqualTo(78);
        assertThat(outcome.err())
                .contains("watcher.mongodb.uri: ")
                .contains("watcher.scope.include = shop: ")
                .contains("watcher.kafka.bootstrap-servers: is required")
                .contains("watcher.kafka.properties.acks = 1: the guarantees rest on")
                .contains("watcher.kafka.properties.linger.ms = soon: ")
                .contains("watcher.checkpoint.redis.url: required with")
                .contains("watcher.http.port = -1")
                .contains("syncer.kafka.topic-pattern: is given together with syncer.kafka.topics")
                .contains("syncer.kafka.topic-pattern = (: must be a regular expression")
                .contains("syncer.kafka.properties.auto.offset.reset = latest")
                .contains("syncer.postgresql.pool-size = 0")
                .contains("syncer.table.overrides.shop.b = x.y: is the table of shop.a already")
                .doesNotContain("hidden")
                .doesNotContain("\tat ");
    }

    @Test
    void checksWhatIsThere() throws IOException {
        Path empty = Files.writeString(folder.resolve("empty.yaml"), "wachter: {}\n");
        assertThat(run("config", "check", "-c", empty.toString()).err())
                .contains("configures neither a service 'watcher:' nor 'syncer:'");

        Path good =
                Files.writeString(
                        folder.resolve("good.yaml"),
                        """
                        watcher:
                          mongodb:
                            uri: mongodb://localhost
                          scope:
                            include: shop.*
                          kafka:
                            bootstrap-servers: localhost:9092
                        """);
        CommandRun outcome = run("config", "check", "-c", good.toString());
        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.out()).contains("watcher: the configuration is complete and valid");
    }

    @Test
    void saysWhichFileItCannotRead() {
        CommandRun outcome = run("syncer", "-c", folder.resolve("absent.yaml").toString());

        assertThat(outcome.exitCode()).isEqualTo(78);
        assertThat(outcome.err()).contains("absent.yaml").doesNotContain("\tat ");
    }

    @Test
    void saysInASentenceThatItsPortIsTaken() throws IOException {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Path file =
                    Files.writeString(
                            folder.resolve("watcher.yaml"),
                            """
                            watcher:
                              mongodb:
                                uri: mongodb://127.0.0.1:1/?replicaSet=rs0
                              scope:
                                include: shop.*
                              kafka:
                                bootstrap-servers: 127.0.0.1:1
                              http:
                                host: 127.0.0.1
                                port: %d
                            """
                                    .formatted(taken.getLocalPort()));

            CommandRun outcome = run("watcher", "-c", file.toString());

            assertThat(outcome.exitCode()).isEqualTo(1);
            assertThat(outcome.err())
                    .contains("cannot listen on 127.0.0.1:" + taken.getLocalPort())
                    .contains("choose another http.port")
                    .doesNotContain("\tat ");
        }
    }

    private static CommandRun run(String... arguments) {
        return CommandRun.of(arguments);
    }
}
