package dev.cdcpipeline.cli;

import dev.cdcpipeline.cli.doctor.Doctor;
import dev.cdcpipeline.cli.doctor.Findings;
import dev.cdcpipeline.platform.lifecycle.ExitCode;
import dev.cdcpipeline.platform.logging.Logging;
import dev.cdcpipeline.syncer.app.SyncerSettings;
import dev.cdcpipeline.watcher.app.WatcherSettings;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;

/** {@code cdc config check}. */
@Command(
        name = "check",
        mixinStandardHelpOptions = true,
        description = {
            "Checks the configuration of a Watcher, of a Syncer, or of both, and says everything that"
                    + " is wrong at once. With --connect it also tries every server as the service"
                    + " would, without changing anything, and says what is missing and how to mend it.",
            ""
        },
        footer = {
            "",
            "A line begins with [ok], with [note] (the service runs, but know this) or with [wrong];"
                    + " what to do about it stands behind ->.",
            "",
            "Exit codes: 0 all is well; 1 a server would not do; 2 wrong command line; 3 wrong"
                    + " configuration.",
            "",
            "Examples:",
            "",
            "  cdc config check -c watcher.yaml",
            "  cdc config check -c watcher.yaml -c syncer.yaml --connect",
        })
final class ConfigCheckCommand implements Callable<Integer> {

    @Mixin private ConfigurationFiles configuration = new ConfigurationFiles();

    @Option(
            names = "--connect",
            description = "Try each server too: reachable, login, rights, topics, tables.")
    private boolean connect;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "10",
            description = "How long to wait for a server to answer (default: ${DEFAULT-VALUE}).")
    private int timeout;

    @Spec private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        Logging.silence();
        var both = new BothSettings(configuration);
        WatcherSettings watcher = both.watcherOrNull();
        SyncerSettings syncer = both.syncerOrNull();
        var findings = new Findings(finding -> out().println(finding.text()));
        var doctor = new Doctor(findings, Duration.ofSeconds(Math.max(1, timeout)));
        if (watcher != null) {
            out().println("watcher: the configuration is complete and valid.");
            if (connect) {
                doctor.examine(watcher);
            }
        }
        if (syncer != null) {
            out().println("syncer: the configuration is complete and valid.");
            if (connect) {
                doctor.examine(syncer);
            }
        }
        if (!connect) {
            return ExitCode.OK.value();
        }
        out().println(
                        findings.anyWrong()
                                ? "Something is missing: see [wrong] above."
                                : "All is well; start the services.");
        return (findings.anyWrong() ? ExitCode.FAILED : ExitCode.OK).value();
    }

    private PrintWriter out() {
        return Objects.requireNonNull(spec).commandLine().getOut();
    }
}
