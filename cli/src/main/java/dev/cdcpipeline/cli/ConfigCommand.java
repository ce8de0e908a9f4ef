package dev.cdcpipeline.cli;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code cdc config}. */
@Command(
        name = "config",
        mixinStandardHelpOptions = true,
        subcommands = ConfigCheckCommand.class,
        synopsisSubcommandLabel = "COMMAND",
        description = {"Looks at configurations before a service uses them.", ""},
        commandListHeading = "%nCommands:%n")
final class ConfigCommand implements Runnable {

    @Spec private @Nullable CommandSpec spec;

    @Override
    public void run() {
        if (spec != null) {
            throw new ParameterException(spec.commandLine(), "Say what to do: check.");
        }
    }
}
