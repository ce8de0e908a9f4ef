package dev.cdcpipeline.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.BufferedReader;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** Kills a child JVM that runs the servers, and looks for what remains of them. */
class NothingLeftBehindTest {

    @TempDir Path temporary;

    @Test
    void leavesNoProcessAndNoFolderWhenTheJvmIsKilled() throws Exception {
        Process child = startServers();
        List<ProcessHandle> descendants = child.descendants().toList();
        assertThat(descendants).as("three reapers and two servers").hasSizeGreaterThanOrEqualTo(5);
        assertThat(folders()).hasSize(3);

        child.destroyForcibly().waitFor();

        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(
                        () -> {
                            assertThat(descendants).noneMatch(ProcessHandle::isAlive);
                            assertThat(folders()).isEmpty();
                        });
    }

    @Test
    void leavesNoProcessAndNoFolderWhenTheJvmExitsWithoutClosingThem() throws Exception {
        Process child = startServers();
        List<ProcessHandle> descendants = child.descendants().toList();

        child.getOutputStream().close();
        child.waitFor();

        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(
                        () -> {
                            assertThat(descendants).noneMatch(ProcessHandle::isAlive);
                            assertThat(folders()).isEmpty();
                        });
    }

    private Process startServers() throws IOException {
        Process child =
                new ProcessBuilder(
                                ProcessHandle.current().info().command().orElseThrow(),
                                "-XX:TieredStopAtLevel=1",
                                "-Djava.io.tmpdir=" + temporary,
                                "-cp",
                                System.getProperty("java.class.path"),
                                ServersInAChild.class.getName())
                        .redirectError(Redirect.INHERIT)
                        .start();
        BufferedReader output = child.inputReader();
        assertThat(output.readLine()).isEqualTo("started");
        return child;
    }

    private List<Path> folders() throws IOException {
        try (Stream<Path> children = Files.list(temporary)) {
            return children.filter(path -> path.getFileName().toString().startsWith("cdc-"))
                    .toList();
        }
    }
}
