package dev.cdcpipeline.platform.lifecycle;

/** Which version of the pipeline runs. */
public final class Version {

    private Version() {}

    /** The version in the manifest of our jars, or that there is none. */
    public static String text() {
        String version = Version.class.getPackage().getImplementationVersion();
        return version == null ? "(built from source)" : version;
    }
}
