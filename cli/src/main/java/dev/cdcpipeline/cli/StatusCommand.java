package dev.cdcpipeline.cli;

import dev.cdcpipeline.cli.status.StatusTable;
import dev.cdcpipeline.platform.config.HttpSettings;
import dev.cdcpipeline.platform.lifecycle.ExitCode;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;

/** {@code cdc status}. */
@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        description = {
            "Asks running services for their status and prints it: state and for how long, lag,"
                    + " position, rate, dead letters; and what is not well, and why.",
            ""
        },
        footer = {
            "",
            "Exit codes: 0 all services asked are ready, or stand by; 1 one is not, or does not"
                    + " answer; 2 wrong command line; 78 wrong configuration.",
            "",
            "Examples:",
            "",
            "  cdc status",
            "  cdc status -c watcher.yaml -c syncer.yaml",
            "  cdc status --syncer http://syncer-1:8081",
        })
final class StatusCommand implements Callable<Integer> {
    private static final String WATCHER = "http://localhost:8080";
    private static final String SYNCER = "http://localhost:8081";

    @Mixin private ConfigurationFiles configuration = new ConfigurationFiles();

    @Option(
            names = "--watcher",
            paramLabel = "URL",
            description = "Where a Watcher serves metrics and health (default: " + WATCHER + ").")
    private @Nullable URI watcher;

    @Option(
            names = "--syncer",
            paramLabel = "URL",
            description = "Where a Syncer serves metrics and health (default: " + SYNCER + ").")
    private @Nullable URI syncer;

    @Option(
            names = "--interval",
            paramLabel = "SECONDS",
            defaultValue = "1",
            description = "Over how long to measure the rate (default: ${DEFAULT-VALUE}).")
    private double interval;

    @Spec private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        var between = Duration.ofMillis(Math.max(0, Math.round(interval * 1000)));
        var table = StatusTable.ask(addresses(), between);
        var out = Objects.requireNonNull(spec).commandLine().getOut();
        table.lines().forEach(out::println);
        return (table.allReady() ? ExitCode.OK : ExitCode.FAILED).value();
    }

    /** Those given, else those of the files, else both services at their default ports. */
    private Map<String, URI> addresses() {
        Map<String, URI> addresses = new LinkedHashMap<>();
        if (watcher != null) {
            addresses.put("watcher", watcher);
        }
        if (syncer != null) {
            addresses.put("syncer", syncer);
        }
        if (configuration.isGiven()) {
            addOfFiles(addresses);
        }
        if (addresses.isEmpty()) {
            addresses.put("watcher", URI.create(WATCHER));
            addresses.put("syncer", URI.create(SYNCER));
        }
        return addresses;
    }

    private void addOfFiles(Map<String, URI> addresses) {
        var both = new BothSettings(configuration);
        var ofWatcher = both.watcherOrNull();
        var ofSyncer = both.syncerOrNull();
        if (ofWatcher != null) {
            addresses.putIfAbsent("watcher", address(ofWatcher.http()));
        }
        if (ofSyncer != null) {
            addresses.putIfAbsent("syncer", address(ofSyncer.http()));
        }
    }

    /** Where a service that listens as configured can be asked, from the same machine. */
    static URI address(HttpSettings http) {
        return URI.create("http://%s:%d".formatted(host(http.host()), http.port()));
    }

    private static String host(String listening) {
        try {
            if (InetAddress.ofLiteral(listening).isAnyLocalAddress()) {
                return "localhost";
            }
        } catch (IllegalArgumentException name) {
            return listening;
        }
        boolean bare = listening.contains(":") && !listening.startsWith("[");
        return bare ? "[" + listening + "]" : listening;
    }
}
