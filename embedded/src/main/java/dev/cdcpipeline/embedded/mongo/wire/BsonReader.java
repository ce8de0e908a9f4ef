package dev.cdcpipeline.embedded.mongo.wire;

import de.bwaldvogel.mongo.bson.BinData;
import de.bwaldvogel.mongo.bson.BsonJavaScript;
import de.bwaldvogel.mongo.bson.BsonRegularExpression;
import de.bwaldvogel.mongo.bson.BsonTimestamp;
import de.bwaldvogel.mongo.bson.Decimal128;
import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.bson.LegacyUUID;
import de.bwaldvogel.mongo.bson.MaxKey;
import de.bwaldvogel.mongo.bson.MinKey;
import de.bwaldvogel.mongo.bson.ObjectId;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * Reads BSON into mongo-java-server's documents. Every BSON type keeps its type and bytes; its own
 * decoder drops binary subtypes and knows no code with scope. See https://bsonspec.org/spec.html.
 * Not thread-safe.
 */
public final class BsonReader {

    private final ByteBuffer in;

    public BsonReader(byte[] bytes) {
        this.in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    public static Document read(byte[] bytes) {
        return new BsonReader(bytes).readDocument();
    }

    boolean hasRemaining() {
        return in.hasRemaining();
    }

    int position() {
        return in.position();
    }

    int readInt32() {
        return in.getInt();
    }

    byte readByte() {
        return in.get();
    }

    Document readDocument() {
        int end = in.position() + in.getInt();
        Document document = new Document();
        for (byte type = in.get(); type != 0; type = in.get()) {
            String name = readCString();
            document.put(name, readValue(type));
        }
        checkEnd(end);
        return document;
    }

    private List<@Nullable Object> readArray() {
        int end = in.position() + in.getInt();
        List<@Nullable Object> array = new ArrayList<>();
        for (byte type = in.get(); type != 0; type = in.get()) {
            skipCString();
            array.add(readValue(type));
        }
        checkEnd(end);
        return array;
    }

    private void checkEnd(int end) {
        if (in.position() != end) {
            throw new IllegalArgumentException(
                    "BSON document ends at byte " + in.position() + " but says it ends at " + end);
        }
    }

    private @Nullable Object readValue(byte type) {
        return switch (type) {
            case 0x01 -> in.getDouble();
            case 0x02 -> readString();
            case 0x03 -> readDocument();
            case 0x04 -> readArray();
            case 0x05 -> readBinary();
            case 0x06 -> Undefined.UNDEFINED;
            case 0x07 -> readObjectId();
            case 0x08 -> in.get() != 0;
            case 0x09 -> Instant.ofEpochMilli(in.getLong());
            case 0x0A -> null;
            case 0x0B -> new BsonRegularExpression(readCString(), readCString());
            case 0x0C -> new DbPointer(readString(), readObjectId());
            case 0x0D -> new BsonJavaScript(readString());
            case 0x0E -> new Symbol(readString());
            case 0x0F -> readCodeWithScope();
            case 0x10 -> in.getInt();
            case 0x11 -> new BsonTimestamp(in.getLong());
            case 0x12 -> in.getLong();
            case 0x13 -> new Decimal128(in.getLong(), in.getLong());
            case 0x7F -> MaxKey.getInstance();
            case (byte) 0xFF -> MinKey.getInstance();
            default ->
                    throw new IllegalArgumentException(
                            "Unknown BSON type 0x%02x at byte %d".formatted(type, in.position()));
        };
    }

    private CodeWithScope readCodeWithScope() {
        in.getInt();
        return new CodeWithScope(readString(), readDocument());
    }

    private ObjectId readObjectId() {
        return new ObjectId(readBytes(12));
    }

    private Object readBinary() {
        int length = in.getInt();
        byte subtype = in.get();
        if (subtype == 0x04 && length == 16) {
            long high = Long.reverseBytes(in.getLong());
            return new UUID(high, Long.reverseBytes(in.getLong()));
        }
        if (subtype == 0x03 && length == 16) {
            return new LegacyUUID(in.getLong(), in.getLong());
        }
        byte[] data = readBytes(length);
        return subtype == 0x00 ? new BinData(data) : new Binary(subtype, data);
    }

    private String readString() {
        int length = in.getInt() - 1;
        String value = new String(in.array(), in.position(), length, StandardCharsets.UTF_8);
        in.position(in.position() + length + 1);
        return value;
    }

    String readCString() {
        int start = in.position();
        skipCString();
        return new String(in.array(), start, in.position() - start - 1, StandardCharsets.UTF_8);
    }

    private void skipCString() {
        byte[] bytes = in.array();
        int end = in.position();
        while (bytes[end] != 0) {
            end++;
        }
        in.position(end + 1);
    }

    private byte[] readBytes(int length) {
        byte[] data = new byte[length];
        in.get(data);
        return data;
    }
}
