package dev.cdcpipeline.model;

import org.bson.BsonBinary;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.UUID;

/**
 * A change stream's resume token: the bytes that its {@code _data} says in hexadecimal (MongoDB
 * 4.0.7 and later). They are a key string that starts with the cluster time, so unsigned byte order
 * is the order of the stream. A token may have {@code _typeBits} too, without which a server cannot
 * tell an {@code _id} of Decimal128 or int64 from others; they are kept, and play no part in order
 * and equality, as in the server itself (resume_token.cpp). Immutable.
 */
public final class ResumeToken implements Comparable<ResumeToken> {

    private static final HexFormat HEX = HexFormat.of().withUpperCase();
    private static final byte[] DATA = "_data".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] TYPE_BITS = "_typeBits".getBytes(StandardCharsets.US_ASCII);

    private final byte[] data;
    private final byte @Nullable [] typeBits;

    private ResumeToken(byte[] data, byte @Nullable [] typeBits) {
        if (data.length == 0) {
            throw new IllegalArgumentException("A resume token is not empty.");
        }
        this.data = data;
        this.typeBits = typeBits;
    }

    /** The token of these bytes, which are copied. */
    public static ResumeToken ofBytes(byte[] data) {
        return new ResumeToken(data.clone(), null);
    }

    /**
     * The token of {@code _data} in hexadecimal, upper or lower case.
     *
     * @throws IllegalArgumentException when it is not hexadecimal
     */
    public static ResumeToken ofHex(String data) {
        try {
            return new ResumeToken(HEX.parseHex(data), null);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "A resume token's _data is hexadecimal digits, two for each byte.", e);
        }
    }

    /**
     * The token of {@code {"_data": "<hex>"}}, with {@code _typeBits} or without, as in an event's
     * {@code _id}.
     *
     * @throws MalformedMessageException when the document is not one
     */
    public static ResumeToken of(RawDocument token) {
        byte[] data = null;
        byte[] typeBits = null;
        BsonCursor field = token.cursor();
        while (field.next()) {
            if (data == null && field.type() == BsonBytes.STRING && field.nameIs(DATA)) {
                data = parseHex(token.array(), field.valueStart() + 4, field.valueEnd() - 1);
            } else if (field.type() == BsonBytes.BINARY && field.nameIs(TYPE_BITS)) {
                typeBits = field.value().asBinary().getData();
            }
        }
        if (data == null) {
            throw new MalformedMessageException("a resume token without _data", token.offset());
        }
        return new ResumeToken(data, typeBits);
    }

    /**
     * The token of {@code _data} in hexadecimal, a part of an array.
     *
     * @throws MalformedMessageException when it is not hexadecimal
     */
    public static ResumeToken ofHex(byte[] text, int from, int end) {
        return new ResumeToken(parseHex(text, from, end), null);
    }

    private static byte[] parseHex(byte[] text, int from, int end) {
        int digits = end - from;
        if (digits == 0 || digits % 2 != 0) {
            throw notHex(from);
        }
        byte[] data = new byte[digits / 2];
        try {
            for (int i = 0; i < data.length; i++) {
                int high = HexFormat.fromHexDigit(text[from + 2 * i]);
                data[i] = (byte) (high << 4 | HexFormat.fromHexDigit(text[from + 2 * i + 1]));
            }
        } catch (NumberFormatException e) {
            throw notHex(from);
        }
        return data;
    }

    private static MalformedMessageException notHex(int at) {
        return new MalformedMessageException("a resume token whose _data is not hexadecimal", at);
    }

    /** A copy of the bytes of {@code _data}. */
    public byte[] toBytes() {
        return data.clone();
    }

    /** {@code _data}: upper-case hexadecimal, as MongoDB writes it. */
    public String toHex() {
        return HEX.formatHex(data);
    }

    /** The whole token, as {@code resumeAfter} and {@code startAfter} take it. */
    public BsonDocument toDocument() {
        BsonDocument token = new BsonDocument("_data", new BsonString(toHex()));
        return typeBits == null ? token : token.append("_typeBits", new BsonBinary(typeBits));
    }

    /**
     * Returns whether this is the token of an invalidate event, after which only {@code startAfter}
     * goes on; false also where the bytes do not say it, as those of servers before 4.2 or of
     * another make.
     */
    public boolean isFromInvalidate() {
        return new TokenFields(data).isFromInvalidate();
    }

    /**
     * The id of the collection that the event is about; null when it is about none, or the bytes do
     * not say it.
     */
    public @Nullable UUID collectionId() {
        return new TokenFields(data).collectionId();
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
