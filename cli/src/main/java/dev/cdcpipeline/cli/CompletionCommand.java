package dev.cdcpipeline.cli;

import org.jspecify.annotations.Nullable;

import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;

/** {@code cdc completion}. */
@Command(
        name = "completion",
        mixinStandardHelpOptions = true,
        description = {
            "Prints a script with which bash or zsh complete commands and options at the tab key.",
            ""
        },
        footer = {
            "",
            "For the shell at hand, or for all to come by adding the line to ~/.bashrc or ~/.zshrc:",
            "",
            "  source <(cdc completion bash)",
            "  source <(cdc completion zsh)",
        })
final class CompletionCommand implements Callable<Integer> {

    /** Shells that are known. */
    enum Shell {
        BASH,
        ZSH
    }

    @Parameters(index = "0", paramLabel = "SHELL", description = "bash or zsh.")
    private Shell shell = Shell.BASH;

    @Spec private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        var own = Objects.requireNonNull(spec).commandLine();
        own.getOut().printf("# For %s.%n", shell.name().toLowerCase(Locale.ROOT));
        // One script serves both: it has zsh understand bash's completions.
        own.getOut().println(AutoComplete.bash("cdc", own.getParent()));
        own.getOut().flush();
        return 0;
    }
}
