package dev.cdcpipeline.embedded.mongo.wire;

import de.bwaldvogel.mongo.bson.Bson;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;

/** Binary data of a subtype that mongo-java-server has no class for. */
public final class Binary implements Bson {

    private static final long serialVersionUID = 1L;

    private final byte subtype;
    private final byte[] data;

    public Binary(byte subtype, byte[] data) {
        this.subtype = subtype;
        this.data = data;
    }

    public byte subtype() {
        return subtype;
    }

    public byte[] data() {
        return data;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Binary that
                && subtype == that.subtype
                && Arrays.equals(data, that.data);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(data) + subtype;
    }
}
