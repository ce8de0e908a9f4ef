package dev.cdcpipeline.cli;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

import java.nio.file.Path;

/** The option that names a service's configuration file. */
final class ConfigurationFile {

    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            description =
                    "The configuration as YAML. Environment variables win over it: the option"
                            + " 'a.b-c' is the variable A_B_C. Without a file they say everything.")
    private @Nullable Path file;

    @Nullable Path file() {
        return file;
    }
}
