package dev.cdcpipeline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;

class MainTest {

    private record Outcome(int exitCode, String out, String err) {}

    @TempDir Path folder;

    @Test
    void saysItsVersion() {
        Outcome outcome = run("--version");

        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.out()).startsWith("cdc ").contains("Java ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"watcher", "syncer", "verify"})
    void teachesEveryCommand(String command) {
        Outcome outcome = run(command, "--help");

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

        Outcome outcome = run("watcher", "-c", file.toString());

        assertThat(outcome.exitCode()).isEqualTo(3);
        assertThat(outcome.err())
                .contains("watcher.kafka.bootstrap-servers = nonsense")
                .contains("watcher.http.port = 99999")
                .contains("watcher.mongodb.uri")
                .contains("watcher.nothing")
                .doesNotContain("\tat ");
    }

    @Test
    void saysWhichFileItCannotRead() {
        Outcome outcome = run("syncer", "-c", folder.resolve("absent.yaml").toString());

        assertThat(outcome.exitCode()).isEqualTo(3);
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

            Outcome outcome = run("watcher", "-c", file.toString());

            assertThat(outcome.exitCode()).isEqualTo(1);
            assertThat(outcome.err())
                    .contains("cannot listen on 127.0.0.1:" + taken.getLocalPort())
                    .contains("choose another http.port")
                    .doesNotContain("\tat ");
        }
    }

    private static Outcome run(String... arguments) {
        var out = new StringWriter();
        var err = new StringWriter();
        int exitCode =
                Main.commandLine()
                        .setOut(new PrintWriter(out, true))
                        .setErr(new PrintWriter(err, true))
                        .execute(arguments);
        return new Outcome(exitCode, out.toString(), err.toString());
    }
}
