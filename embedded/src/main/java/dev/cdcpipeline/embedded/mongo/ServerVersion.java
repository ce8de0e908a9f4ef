package dev.cdcpipeline.embedded.mongo;

import dev.cdcpipeline.embedded.mongo.changestream.ServerFeatures;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** The MongoDB versions that the embedded replica set can show; its features follow. */
public enum ServerVersion {
    V4_2("4.2.24", 8),
    V5_0("5.0.31", 13),
    V6_0("6.0.19", 17),
    V7_0("7.0.15", 21),
    V8_0("8.0.4", 25);

    private final String text;
    private final int wireVersion;

    ServerVersion(String text, int wireVersion) {
        this.text = text;
        this.wireVersion = wireVersion;
    }

    /**
     * Reads {@code 4.2}, {@code 5.0}, {@code 6.0}, {@code 7.0} or {@code 8.0}.
     *
     * @throws IllegalArgumentException for any other
     */
    public static ServerVersion parse(String text) {
        for (ServerVersion version : values()) {
            if (version.shortText().equals(text)) {
                return version;
            }
        }
        String known =
                Arrays.stream(values())
                        .map(ServerVersion::shortText)
                        .collect(Collectors.joining(", "));
        throw new IllegalArgumentException("Server version '" + text + "' is not one of " + known);
    }

    /** The whole version, such as {@code 7.0.15}. */
    public String text() {
        return text;
    }

    /** Major and minor version, such as {@code 7.0}. */
    public String shortText() {
        return text.substring(0, text.lastIndexOf('.'));
    }

    /** The version's numbers, as {@code buildInfo} has them. */
    public List<Integer> numbers() {
        List<Integer> numbers =
                Arrays.stream(text.split("\\.")).map(Integer::valueOf).collect(Collectors.toList());
        numbers.add(0);
        return numbers;
    }

    /** The highest version of the wire protocol, by which drivers know the server. */
    public int wireVersion() {
        return wireVersion;
    }

    /** Whether this version is that one or a later one. */
    public boolean isAtLeast(ServerVersion other) {
        return compareTo(other) >= 0;
    }

    /** What differs in change streams. */
    public ServerFeatures features() {
        boolean six = isAtLeast(V6_0);
        return new ServerFeatures(six, isAtLeast(V5_0), isAtLeast(V7_0));
    }
}
