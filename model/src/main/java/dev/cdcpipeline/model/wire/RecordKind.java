package dev.cdcpipeline.model.wire;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/** What a Kafka record is, as its header {@code cdc.kind} says. */
public enum RecordKind {
    /** An event of the change stream. */
    CHANGE,
    /** A document that a snapshot read. */
    SNAPSHOT,
    /** A marker in every partition: once all have arrived, rows with an older version go away. */
    SWEEP;

    private static final RecordKind[] ALL = values();

    private final String header = name().toLowerCase(Locale.ROOT);

    /** The header's bytes: the name in lower-case ASCII. */
    byte[] toBytes() {
        return header.getBytes(StandardCharsets.US_ASCII);
    }

    /** The kind that the header's bytes name; null when they name none. */
    static @Nullable RecordKind of(byte[] header) {
        for (RecordKind kind : ALL) {
            if (Arrays.equals(kind.toBytes(), header)) {
                return kind;
            }
        }
        return null;
    }
}
