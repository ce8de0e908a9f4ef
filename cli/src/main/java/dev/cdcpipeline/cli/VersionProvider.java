package dev.cdcpipeline.cli;

import dev.cdcpipeline.platform.lifecycle.Version;

import picocli.CommandLine.IVersionProvider;

/** The version, from the manifest of the jar. */
final class VersionProvider implements IVersionProvider {

    @Override
    public String[] getVersion() {
        return new String[] {
            "cdc " + Version.text(),
            "Java %s, %s".formatted(Runtime.version(), System.getProperty("java.vm.name")),
        };
    }
}
