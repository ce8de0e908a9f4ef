package dev.cdcpipeline.cli;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command {@code cdc}. */
@Command(
        name = "cdc",
        mixinStandardHelpOptions = true,
        versionProvider = VersionProvider.class,
        subcommands = {
            WatcherCommand.class,
            SyncerCommand.class,
            PipelineCommand.class,
            ConfigCommand.class,
            StatusCommand.class,
            VerifyCommand.class,
            CompletionCommand.class,
            WarmUpCommand.class
        },
        synopsisSubcommandLabel = "COMMAND",
        description = {
            "Brings what changes in MongoDB into PostgreSQL tables, through Kafka.",
            "",
            "The Watcher follows MongoDB's change stream and publishes to Kafka; the Syncer consumes from Kafka"
                    + " and writes rows. Each runs as a process of its own, as often as you like:",
            "",
            "  cdc config check -c watcher.yaml -c syncer.yaml --connect",
            "  cdc watcher -c watcher.yaml",
            "  cdc syncer -c syncer.yaml",
            "  cdc status",
            "",
            "or both in one process: cdc pipeline -c pipeline.yaml",
            "",
            "See it work first, on servers that the demo brings along: ./cdc demo (in the source tree).",
            "",
        },
        commandListHeading = "%nCommands:%n",
        footer = {
            "",
            "Exit codes: 0 stopped as asked, all written; 1 failed, the log says why; 2 wrong command line;"
                    + " 3 out of memory; 4 the shutdown deadline passed; 5 nothing could be compared;"
                    + " 78 wrong configuration; 130 ended by a second signal.",
            "'cdc COMMAND --help' says more of a command.",
        })
public final class Main implements Runnable {

    @Spec private @Nullable CommandSpec spec;

    private Main() {}

    /** Runs a command and exits with its code. */
    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    /** The command line, for those who parse or run it in this JVM. */
    public static CommandLine commandLine() {
        return Commands.of(new Main());
    }

    @Override
    public void run() {
        if (spec != null) {
            throw new ParameterException(
                    spec.commandLine(), "Say which command: one of those below.");
        }
    }
}
