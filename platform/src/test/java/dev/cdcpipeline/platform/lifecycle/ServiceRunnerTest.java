package dev.cdcpipeline.platform.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** Real processes, real signals, real exit codes. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ServiceRunnerTest {
    private static final String LONG = "600000";

    /**
     * A build in the background has SIGINT ignored, which its children inherit, and a JVM leaves
     * ignored what was ignored.
     */
    private static final List<String> HEARING_SIGNALS =
            System.getProperty("os.name").equals("Linux")
                    ? List.of("env", "--default-signal=INT,TERM")
                    : List.of();

    private final List<Process> started = new ArrayList<>();

    @AfterEach
    void end() {
        started.forEach(Process::destroyForcibly);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TERM", "INT"})
    @DisplayName("9.1 9.5 A signal stops and drains the service, and the exit code is 0")
    void exitsWith0AfterASignal(String signal) throws Exception {
        var process = start("drain", LONG);
        await(process, "running");

        send(signal, process);

        assertThat(rest(process)).contains("stopping", "drained", "closed");
        assertThat(process.waitFor()).isEqualTo(ExitCode.OK.value());
    }

    @Test
    @DisplayName("9.5 A service that ends by itself ends the process with 0")
    void exitsWith0WhenTheServiceReturns() throws Exception {
        var process = start("return", LONG);

        assertThat(rest(process)).containsSubsequence("running", "drained", "closed");
        assertThat(process.waitFor()).isEqualTo(ExitCode.OK.value());
    }

    @Test
    @DisplayName("9.5 A failure ends the process with 1, logged once with its stack trace")
    void exitsWith1AfterAFailure() throws Exception {
        var process = start("fail", LONG);

        var lines = rest(process);
        assertThat(lines).contains("closed");
        assertThat(lines).filteredOn(line -> line.contains("as told")).hasSize(1);
        assertThat(lines).anyMatch(line -> line.contains("\tat " + SampleProcess.class.getName()));
        assertThat(process.waitFor()).isEqualTo(ExitCode.FAILED.value());
    }

    @Test
    @DisplayName("9.5 An explained failure ends the process with 1 and is told in a sentence")
    void exitsWith1AndASentenceAfterAnExplainedFailure() throws Exception {
        var process = start("explain", LONG);

        var lines = rest(process);
        assertThat(lines).filteredOn(line -> line.contains("The door is locked")).hasSize(1);
        assertThat(lines).noneMatch(line -> line.contains("\tat "));
        assertThat(process.waitFor()).isEqualTo(ExitCode.FAILED.value());
    }

    @Test
    @DisplayName("9.5 A failure while draining ends the process with 1")
    void exitsWith1WhenDrainingFails() throws Exception {
        var process = start("fail-draining", LONG);
        await(process, "running");

        send("TERM", process);

        assertThat(rest(process)).contains("stopping", "closed").doesNotContain("drained");
        assertThat(process.waitFor()).isEqualTo(ExitCode.FAILED.value());
    }

    @Test
    @DisplayName(
            "9.5 A service that does not drain within the deadline ends with 4, and says where it is")
    void exitsWith4AtTheDeadline() throws Exception {
        var process = start("hang", "200");
        await(process, "running");

        send("TERM", process);

        var lines = rest(process);
        assertThat(lines)
                .anyMatch(line -> line.contains("did not finish within"))
                .anyMatch(line -> line.contains("\tat " + SampleProcess.class.getName()));
        assertThat(process.waitFor()).isEqualTo(ExitCode.DEADLINE.value());
    }

    @Test
    @DisplayName(
            "9.5 A service that ends in time and says that it has not drained ends with 4, and a sentence")
    void exitsWith4WhenSomethingIsLeft() throws Exception {
        var process = start("leave", LONG);
        await(process, "running");

        send("TERM", process);

        var lines = rest(process);
        assertThat(lines).contains("closed");
        assertThat(lines).filteredOn(line -> line.contains("A record is left")).hasSize(1);
        assertThat(lines).noneMatch(line -> line.contains("\tat "));
        assertThat(process.waitFor()).isEqualTo(ExitCode.DEADLINE.value());
    }

    @ParameterizedTest
    @ValueSource(strings = {"TERM", "INT"})
    @DisplayName("9.5 A second signal ends the process at once")
    void exitsAtOnceAtTheSecondSignal(String signal) throws Exception {
        var process = start("hang", LONG);
        await(process, "running");
        send("TERM", process);
        await(process, "stopping");

        send(signal, process);

        assertThat(process.waitFor()).isEqualTo(ExitCode.FORCED.value());
        assertThat(rest(process)).doesNotContain("closed");
    }

    @ParameterizedTest
    @CsvSource({
        "fill-memory, -XX:-ExitOnOutOfMemoryError",
        "wrap-memory, -XX:-ExitOnOutOfMemoryError",
        "fill-memory-aside, -XX:-ExitOnOutOfMemoryError",
        "fill-memory-aside, -XX:+ExitOnOutOfMemoryError",
    })
    @DisplayName(
            "case S2: Memory used up, in whatever thread and whatever was made of it, ends the process with 3")
    void exitsWith3OutOfMemory(String behaviour, String option) throws Exception {
        var process = start(behaviour, LONG, "-Xmx16m", option);

        assertThat(rest(process))
                .anyMatch(line -> line.toLowerCase(Locale.ROOT).contains("memory"));
        assertThat(process.waitFor()).isEqualTo(ExitCode.OUT_OF_MEMORY.value());
    }

    @Test
    @DisplayName("case S2: No two ends have one exit code")
    void exitCodesDiffer() {
        assertThat(ExitCode.values()).extracting(ExitCode::value).doesNotHaveDuplicates();
        assertThat(ExitCode.OUT_OF_MEMORY.value()).as("that of the JVM itself").isEqualTo(3);
    }

    private Process start(String behaviour, String deadlineMillis, String... options)
            throws IOException {
        var command = new ArrayList<>(HEARING_SIGNALS);
        command.addAll(
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xshare:auto",
                        "-XX:TieredStopAtLevel=1"));
        command.addAll(List.of(options));
        command.addAll(
                List.of(
                        "-cp",
                        System.getProperty("java.class.path"),
                        SampleProcess.class.getName(),
                        behaviour,
                        deadlineMillis));
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        started.add(process);
        return process;
    }

    private static void await(Process process, String word) throws IOException {
        BufferedReader reader = process.inputReader();
        for (var line = reader.readLine(); !word.equals(line); line = reader.readLine()) {
            assertThat(line).as("output until \"" + word + "\"").isNotNull();
        }
    }

    private static List<String> rest(Process process) throws IOException {
        return process.inputReader().lines().toList();
    }

    private static void send(String signal, Process process) throws Exception {
        var kill = new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start();
        assertThat(kill.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(kill.exitValue()).isZero();
    }
}
