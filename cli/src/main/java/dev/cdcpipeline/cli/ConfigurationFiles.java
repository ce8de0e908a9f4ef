package dev.cdcpipeline.cli;

import dev.cdcpipeline.platform.config.Configuration;
import dev.cdcpipeline.platform.config.ConfigurationException;
import dev.cdcpipeline.platform.config.Problem;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The option that names the configuration files of several services. */
final class ConfigurationFiles {

    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            description =
                    "The configuration as YAML; one file may hold 'watcher:' and 'syncer:', or give the"
                            + " option twice. Environment variables win over it. Without a file they"
                            + " say everything.")
    private List<Path> files = List.of();

    /** Is any file named? */
    boolean isGiven() {
        return !files.isEmpty();
    }

    /**
     * The services that are configured, each with its file, which is null for the environment.
     *
     * @throws ConfigurationException if a file has neither, or a service is in two files
     */
    Map<String, @Nullable Path> services() {
        Map<String, @Nullable Path> services = new TreeMap<>();
        if (files.isEmpty()) {
            add(services, null);
        }
        files.forEach(file -> add(services, file));
        return services;
    }

    private static void add(Map<String, @Nullable Path> services, @Nullable Path file) {
        var found = Configuration.services(file, System.getenv());
        if (found.isEmpty()) {
            throw wrong(
                    file,
                    "configures neither a service 'watcher:' nor 'syncer:'"
                            + (file == null ? "; name a file with -c" : ""));
        }
        for (String service : found) {
            if (services.containsKey(service)) {
                throw wrong(file, "configures the %s a second time".formatted(service));
            }
            services.put(service, file);
        }
    }

    private static ConfigurationException wrong(@Nullable Path file, String says) {
        return new ConfigurationException(
                List.of(
                        new Problem(
                                file == null ? "the environment" : file.toString(), null, says)));
    }
}
