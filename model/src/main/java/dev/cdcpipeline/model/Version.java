package dev.cdcpipeline.model;

import org.bson.BsonTimestamp;

/**
 * When a document got its state: the cluster time as a 63-bit number, {@code seconds << 31 |
 * increment}. It is never negative (a plain 64-bit timestamp turns negative in 2038), so it fits a
 * PostgreSQL {@code bigint} and compares as one. Rows never go back to a lower version (I3).
 *
 * @param value not negative
 */
public record Version(long value) implements Comparable<Version> {

    /** The lowest version. */
    public static final Version ZERO = new Version(0);

    /** Checks the value. */
    public Version {
        if (value < 0) {
            throw new IllegalArgumentException(
                    "A version is not negative, but it is " + value + ".");
        }
    }

    /**
     * The version of a cluster time.
     *
     * @throws IllegalArgumentException when the increment needs more than 31 bits, which no cluster
     *     time does
     */
    public static Version of(BsonTimestamp clusterTime) {
        int increment = clusterTime.getInc();
        if (increment < 0) {
            throw new IllegalArgumentException(
                    "A cluster time's increment has 31 bits, but it is "
                            + Integer.toUnsignedString(increment)
                            + ".");
        }
        return new Version((clusterTime.getTime() & 0xFFFF_FFFFL) << 31 | increment);
    }

    /** The cluster time that it was made of. */
    public BsonTimestamp toTimestamp() {
        return new BsonTimestamp((int) (value >>> 31), (int) (value & 0x7FFF_FFFFL));
    }

    @Override
    public int compareTo(Version other) {
        return Long.compare(value, other.value);
    }
}
