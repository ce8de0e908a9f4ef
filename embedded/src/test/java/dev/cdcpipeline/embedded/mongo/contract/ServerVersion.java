package dev.cdcpipeline.embedded.mongo.contract;

/**
 * A MongoDB release series such as 4.2 or 7.0: what decides which behaviour a test expects.
 *
 * @param major the first number
 * @param minor the second number
 */
record ServerVersion(int major, int minor) implements Comparable<ServerVersion> {

    /** Reads the {@code version} of a {@code buildInfo} reply. */
    static ServerVersion parse(String version) {
        String[] parts = version.split("\\.", 3);
        return new ServerVersion(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]));
    }

    boolean atLeast(int wantedMajor, int wantedMinor) {
        return compareTo(new ServerVersion(wantedMajor, wantedMinor)) >= 0;
    }

    @Override
    public int compareTo(ServerVersion other) {
        return major == other.major
                ? Integer.compare(minor, other.minor)
                : Integer.compare(major, other.major);
    }

    @Override
    public String toString() {
        return major + "." + minor;
    }
}
