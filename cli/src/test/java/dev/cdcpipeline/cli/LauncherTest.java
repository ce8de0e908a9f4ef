package dev.cdcpipeline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The distribution's {@code bin/cdc}, with a Java that only tells how it was called. */
@EnabledOnOs({OS.LINUX, OS.MAC})
class LauncherTest {
    @TempDir private Path folder;

    @ParameterizedTest
    @CsvSource({"1, UseSerialGC", "2, UseSerialGC", "3, UseParallelGC", "64, UseParallelGC"})
    @DisplayName("The collector fits the number of cores")
    void theCollectorFitsTheCores(int cores, String collector) throws Exception {
        assertThat(optionsOn(cores, "")).containsOnlyOnce("GC").contains("-XX:+" + collector);
    }

    @Test
    @DisplayName(
            "Options of CDC_JAVA_OPTS come last, and a collector that they name is the only one")
    void givenOptionsWin() throws Exception {
        assertThat(optionsOn(2, "-XX:+UseG1GC -XX:FreqInlineSize=325"))
                .containsOnlyOnce("GC")
                .containsSubsequence("FreqInlineSize=140", "-XX:+UseG1GC -XX:FreqInlineSize=325")
                .endsWith("dev.cdcpipeline.cli.Main syncer");
    }

    @ParameterizedTest
    @CsvSource({
        "syncer, '', true",
        "syncer, -Dx=y, true",
        "syncer, -Xmx2g, false",
        "syncer, -XX:MaxRAMPercentage=70, false",
        "watcher, '', false",
    })
    @DisplayName("The Syncer has a heap for its defaults, unless another one is asked for")
    void theSyncerHasAHeapForItsDefaults(String command, String given, boolean has)
            throws Exception {
        String options = optionsOn(2, given, command);
        assertThat(options.contains("-Xmx512m -Xmn320m -XX:SurvivorRatio=2")).isEqualTo(has);
        assertThat(options).contains(given).endsWith(command);
    }

    @ParameterizedTest
    @CsvSource({
        "watcher, '', -Xmx512m",
        "pipeline, '', -Xmx1g",
        "watcher, -Xmx2g, -Xmx2g",
    })
    @DisplayName("case S2: Each service has a heap whose size does not hang on the machine")
    void theHeapDoesNotHangOnTheMachine(String command, String given, String heap)
            throws Exception {
        assertThat(optionsOn(2, given, command)).containsOnlyOnce("-Xmx").contains(heap);
    }

    @ParameterizedTest
    @ValueSource(strings = {"watcher", "syncer", "pipeline", "verify"})
    @DisplayName("case S2: A JVM that is out of memory ends, with an exit code of its own")
    void endsWhenMemoryIsUsedUp(String command) throws Exception {
        assertThat(optionsOn(2, "", command)).contains("-XX:+ExitOnOutOfMemoryError");
    }

    @Test
    @DisplayName("A service uses what was learned at its own work, else what 'cdc warm-up' learned")
    void aServiceUsesWhatWasLearned() throws Exception {
        assertThat(optionsOn(2, "")).doesNotContain("AOTCache");

        Path common = learned("cdc.aot");
        Path ofSyncer = learned("cdc-syncer.aot");
        assertThat(optionsOn(2, "")).contains("-XX:AOTCache=" + ofSyncer);
        assertThat(optionsOn(2, "", "watcher")).contains("-XX:AOTCache=" + common);
    }

    @ParameterizedTest
    @ValueSource(strings = {"watcher", "syncer", "pipeline"})
    @DisplayName("'cdc warm-up SERVICE ...' is that service, whose Java keeps what it learns")
    void aServiceLearns(String service) throws Exception {
        learned("cdc.aot");
        learned("cdc-" + service + ".aot");

        assertThat(optionsOn(2, "", "warm-up", service, "-c", "a -home.yaml"))
                .contains("-XX:AOTCacheOutput=" + lib().resolve("cdc-" + service + ".aot"))
                .doesNotContain("-XX:AOTCache=")
                .containsOnlyOnce("GC")
                .contains("-XX:+UseG1GC")
                .endsWith("dev.cdcpipeline.cli.Main " + service + " -c a -home.yaml");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--help", "-h", "--version", "-V"})
    @DisplayName("Nothing is learned from a service that only says something of itself")
    void nothingIsLearnedFromHelp(String option) throws Exception {
        assertThat(optionsOn(2, "", "warm-up", "syncer", option))
                .doesNotContain("AOTCacheOutput")
                .endsWith("dev.cdcpipeline.cli.Main warm-up syncer " + option);
    }

    @Test
    @DisplayName("'cdc warm-up' alone keeps its cache when Java has ended well, and drops others")
    void warmUpAloneReplacesAll() throws Exception {
        Path ofSyncer = learned("cdc-syncer.aot");
        java("for o; do case $o in *Output=*) echo new > \"${o#*=}\" ;; esac; done");

        assertThat(run(2, "", "warm-up")).contains(lib().resolve("cdc.aot").toString());

        assertThat(lib().resolve("cdc.aot")).hasContent("new");
        assertThat(ofSyncer).doesNotExist();
    }

    private Path lib() {
        return folder.resolve("home/lib");
    }

    private Path learned(String name) throws IOException {
        Files.createDirectories(lib());
        return Files.writeString(lib().resolve(name), "learned");
    }

    private String optionsOn(int cores, String given) throws Exception {
        return optionsOn(cores, given, "syncer");
    }

    private String optionsOn(int cores, String given, String... arguments) throws Exception {
        java("echo \"$@\"");
        return run(cores, given, arguments);
    }

    private void java(String command) throws IOException {
        executable("jdk/bin/java", command);
        Files.writeString(folder.resolve("jdk/release"), "JAVA_VERSION=\"25.0.1\"\n");
    }

    private String run(int cores, String given, String... arguments) throws Exception {
        executable("path/nproc", "echo " + cores);
        Path cdc = folder.resolve("home/bin/cdc");
        Files.createDirectories(cdc.getParent());
        Files.copy(Path.of("src/distribution/bin/cdc"), cdc, REPLACE_EXISTING);
        var launcher = new ProcessBuilder("sh", cdc.toString());
        launcher.command().addAll(List.of(arguments));
        var environment = launcher.environment();
        environment.put("JAVA_HOME", folder.resolve("jdk").toString());
        environment.put("PATH", folder.resolve("path") + ":" + environment.get("PATH"));
        environment.put("CDC_JAVA_OPTS", given);
        environment.remove("JAVA_TOOL_OPTIONS");
        environment.remove("JDK_JAVA_OPTIONS");
        Process process = launcher.redirectErrorStream(true).start();
        String said =
                new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertThat(process.waitFor()).as(said).isZero();
        return said;
    }

    private void executable(String name, String command) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, "#!/bin/sh\n" + command + "\n");
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }
}
