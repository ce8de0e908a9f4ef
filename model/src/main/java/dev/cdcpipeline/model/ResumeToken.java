package dev.cdcpipeline.model;

import org.bson.BsonDocument;
import org.bson.BsonString;
import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.HexFormat;

/**
 * A change stream's resume token: the bytes that its {@code _data} says in hexadecimal (MongoDB
 * 4.0.7 and later). They are a key string that starts with the cluster time, so unsigned byte order
 * is the order of the stream. Immutable.
 */
public final class ResumeToken implements Comparable<ResumeToken> {

    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private final byte[] data;

    private ResumeToken(byte[] data) {
        if (data.length == 0) {
            throw new IllegalArgumentException("A resume token is not empty.");
        }
        this.data = data;
    }

    /** The token of these bytes, which are copied. */
    public static ResumeToken ofBytes(byte[] data) {
        return new ResumeToken(data.clone());
    }

    /**
     * The token of {@code _data} in hexadecimal, upper or lower case.
     *
     * @throws IllegalArgumentException when it is not hexadecimal
     */
    public static ResumeToken ofHex(String data) {
        try {
            return new ResumeToken(HEX.parseHex(data));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "A resume token's _data is hexadecimal digits, two for each byte.", e);
        }
    }

    /** The token of {@code {"_data": "<hex>", ...}}, as in an event's {@code _id}. */
    public static ResumeToken of(RawDocument token) {
        String data = token.string("_data");
        try {
            if (data != null) {
                return ofHex(data);
            }
        } catch (IllegalArgumentException e) {
            throw new MalformedMessageException(
                    "a resume token whose _data is not hexadecimal", token.offset());
        }
        throw new MalformedMessageException("a resume token without _data", token.offset());
    }

    /** A copy of the bytes. */
    public byte[] toBytes() {
        return data.clone();
    }

    /** {@code _data}: upper-case hexadecimal, as MongoDB writes it. */
    public String toHex() {
        return HEX.formatHex(data);
    }

    /** {@code {"_data": "<hex>"}}, as {@code resumeAfter} and {@code startAfter} take it. */
    public BsonDocument toDocument() {
        return new BsonDocument("_data", new BsonString(toHex()));
    }

    /** Stream order: unsigned bytes. */
    @Override
    public int compareTo(ResumeToken other) {
        return Arrays.compareUnsigned(data, other.data);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ResumeToken that && Arrays.equals(data, that.data);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(data);
    }

    /** {@link #toHex()}. */
    @Override
    public String toString() {
        return toHex();
    }
}
