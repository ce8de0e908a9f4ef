package dev.cdcpipeline.cli;

import picocli.CommandLine.IVersionProvider;

/** The version, from the manifest of the jar. */
final class VersionProvider implements IVersionProvider {

    @Override
    public String[] getVersion() {
        String version = VersionProvider.class.getPackage().getImplementationVersion();
        return new String[] {
            "cdc " + (version == null ? "(built from source)" : version),
            "Java %s, %s".formatted(Runtime.version(), System.getProperty("java.vm.name")),
        };
    }
}
