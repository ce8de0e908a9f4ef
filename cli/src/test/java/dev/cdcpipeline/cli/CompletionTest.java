package dev.cdcpipeline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

class CompletionTest {
    @TempDir Path folder;

    @Test
    void completesCommandsAndOptionsInBash() throws Exception {
        CommandRun run = CommandRun.of("completion", "bash");
        assertThat(run.exitCode()).isZero();
        Path script = Files.writeString(folder.resolve("cdc.bash"), run.out());

        assertThat(complete(script, "cdc wat")).contains("watcher");
        assertThat(complete(script, "cdc config ch")).contains("check");
        assertThat(complete(script, "cdc config check --con")).contains("--connect");
    }

    @Test
    void knowsZshAndNoOtherShell() {
        assertThat(CommandRun.of("completion", "zsh").out()).contains("bashcompinit");
        assertThat(CommandRun.of("completion", "fish").exitCode()).isEqualTo(2);
    }

    private static String complete(Path script, String line)
            throws IOException, InterruptedException {
        String bash =
                "source %s; COMP_WORDS=(%s); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); COMP_LINE='%s'; COMP_POINT=${#COMP_LINE}; _complete_cdc; echo \"${COMPREPLY[@]}\""
                        .formatted(script, line, line);
        Process process = new ProcessBuilder("bash", "-c", bash).redirectErrorStream(true).start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return out;
    }
}
