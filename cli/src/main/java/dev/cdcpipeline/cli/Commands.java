package dev.cdcpipeline.cli;

import dev.cdcpipeline.platform.config.ConfigurationException;
import dev.cdcpipeline.platform.lifecycle.ExitCode;

import picocli.CommandLine;

import java.io.IOException;

/** What all commands have in common: their exit codes and how they report errors. */
public final class Commands {

    private Commands() {}

    /** Makes a command line of picocli's annotated command. */
    public static CommandLine of(Object root) {
        var commandLine =
                new CommandLine(root)
                        .setCaseInsensitiveEnumValuesAllowed(true)
                        .setUsageHelpAutoWidth(true)
                        .setExecutionExceptionHandler(Commands::report);
        return commandLine;
    }

    /** The user reads one sentence; a stack trace is for errors that are ours. */
    private static int report(Exception e, CommandLine command, CommandLine.ParseResult parsed) {
        var err = command.getErr();
        switch (e) {
            case ConfigurationException wrong -> {
                err.println(wrong.getMessage());
                return ExitCode.CONFIGURATION.value();
            }
            case IllegalStateException sentence -> err.println(sentence.getMessage());
            // The endpoint that cannot listen; what goes wrong inside a service does not come here.
            case IOException sentence -> err.println(sentence.getMessage());
            default -> e.printStackTrace(err);
        }
        return ExitCode.FAILED.value();
    }
}
