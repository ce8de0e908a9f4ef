package dev.cdcpipeline.tests;

import java.util.List;

/** Options for the JVM of a service under test. */
public final class ServiceJvm {
    /** For a service that lives for seconds: less CPU time, and it never gets fast. */
    public static final List<String> QUICK_START = List.of("-XX:TieredStopAtLevel=1");

    private ServiceJvm() {}
}
