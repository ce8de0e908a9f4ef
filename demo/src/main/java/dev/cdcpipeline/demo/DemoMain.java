package dev.cdcpipeline.demo;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;

import dev.cdcpipeline.cli.Commands;

import org.slf4j.LoggerFactory;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The commands that need the embedded servers. */
public final class DemoMain {

    @Command(
            name = "cdc",
            subcommands = {DemoCommand.class, MongoCommand.class})
    private static final class Root {}

    private DemoMain() {}

    /** Runs {@code cdc demo} or {@code cdc mongo}. */
    public static void main(String[] args) {
        // The servers in this JVM narrate; the screen belongs to the demo.
        ((Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)).setLevel(Level.ERROR);
        System.exit(commandLine().execute(args));
    }

    /** The command line, for those who parse or run it in this JVM. */
    public static CommandLine commandLine() {
        return Commands.of(new Root());
    }
}
