package dev.cdcpipeline.embedded.mongo.wire;

import de.bwaldvogel.mongo.bson.BinData;
import de.bwaldvogel.mongo.bson.BsonJavaScript;
import de.bwaldvogel.mongo.bson.BsonRegularExpression;
import de.bwaldvogel.mongo.bson.BsonTimestamp;
import de.bwaldvogel.mongo.bson.Decimal128;
import de.bwaldvogel.mongo.bson.LegacyUUID;
import de.bwaldvogel.mongo.bson.MaxKey;
import de.bwaldvogel.mongo.bson.MinKey;
import de.bwaldvogel.mongo.bson.ObjectId;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.UUID;

/**
 * Writes mongo-java-server's documents as BSON, the mirror of {@link BsonReader}. Not thread-safe.
 */
public final class BsonWriter {

    private byte[] out;
    private int size;

    BsonWriter(int capacity) {
        this.out = new byte[capacity];
    }

    public static byte[] toBytes(Map<String, ? extends @Nullable Object> document) {
        BsonWriter writer = new BsonWriter(512);
        writer.writeDocument(document);
        return writer.toByteArray();
    }

    byte[] toByteArray() {
        return Arrays.copyOf(out, size);
    }

    byte[] buffer() {
        return out;
    }

    int size() {
        return size;
    }

    void setInt32(int position, int value) {
        out[position] = (byte) value;
        out[position + 1] = (byte) (value >> 8);
        out[position + 2] = (byte) (value >> 16);
        out[position + 3] = (byte) (value >> 24);
    }

    void writeByte(int value) {
        ensure(1);
        out[size++] = (byte) value;
    }

    void writeInt32(int value) {
        ensure(4);
        setInt32(size, value);
        size += 4;
    }

    private void writeInt64(long value) {
        writeInt32((int) value);
        writeInt32((int) (value >> 32));
    }

    private void writeBytes(byte[] bytes) {
        ensure(bytes.length);
        System.arraycopy(bytes, 0, out, size, bytes.length);
        size += bytes.length;
    }

    void writeDocument(Map<String, ? extends @Nullable Object> document) {
        int start = size;
        writeInt32(0);
        for (Map.Entry<String, ? extends @Nullable Object> field : document.entrySet()) {
            writeField(field.getKey(), field.getValue());
        }
        writeByte(0);
        setInt32(start, size - start);
    }

    private void writeArray(Collection<?> array) {
        int start = size;
        writeInt32(0);
        int index = 0;
        for (Object value : array) {
            writeField(Integer.toString(index++), value);
        }
        writeByte(0);
        setInt32(start, size - start);
    }

    private void writeField(String name, @Nullable Object value) {
        int type = size;
        writeByte(0);
        writeCString(name);
        int bsonType = writeValue(value);
        out[type] = (byte) bsonType;
    }

    /** Writes the value and returns its BSON type. */
    private int writeValue(@Nullable Object value) {
        return switch (value) {
            case null -> 0x0A;
            case String string -> writeString(0x02, string);
            case Integer number -> {
                writeInt32(number);
                yield 0x10;
            }
            case Long number -> writeLong(0x12, number);
            case Double number -> writeLong(0x01, Double.doubleToRawLongBits(number));
            case Float number -> writeLong(0x01, Double.doubleToRawLongBits(number.doubleValue()));
            case Short number -> {
                writeInt32(number);
                yield 0x10;
            }
            case Boolean bool -> {
                writeByte(bool ? 1 : 0);
                yield 0x08;
            }
            case EncodedDocument encoded -> {
                writeBytes(encoded.bytes());
                yield 0x03;
            }
            case Map<?, ?> map -> {
                @SuppressWarnings("unchecked")
                Map<String, ? extends @Nullable Object> document =
                        (Map<String, ? extends @Nullable Object>) map;
                writeDocument(document);
                yield 0x03;
            }
            case Collection<?> array -> {
                writeArray(array);
                yield 0x04;
            }
            case ObjectId id -> {
                writeBytes(id.toByteArray());
                yield 0x07;
            }
            case Instant instant -> writeLong(0x09, instant.toEpochMilli());
            case BsonTimestamp timestamp -> writeLong(0x11, timestamp.getValue());
            case Decimal128 decimal -> {
                writeInt64(decimal.getLow());
                yield writeLong(0x13, decimal.getHigh());
            }
            default -> writeRareValue(value);
        };
    }

    private int writeRareValue(Object value) {
        return switch (value) {
            case BinData binary -> writeBinary(0x00, binary.getData());
            case Binary binary -> writeBinary(binary.subtype(), binary.data());
            case UUID uuid -> {
                writeInt32(16);
                writeByte(0x04);
                writeInt64(Long.reverseBytes(uuid.getMostSignificantBits()));
                yield writeLong(0x05, Long.reverseBytes(uuid.getLeastSignificantBits()));
            }
            case LegacyUUID legacy -> {
                writeInt32(16);
                writeByte(0x03);
                writeInt64(legacy.getUuid().getMostSignificantBits());
                yield writeLong(0x05, legacy.getUuid().getLeastSignificantBits());
            }
            case BsonRegularExpression regex -> {
                writeCString(regex.getPattern());
                writeCString(regex.getOptions() == null ? "" : regex.getOptions());
                yield 0x0B;
            }
            case BsonJavaScript code -> writeString(0x0D, code.getCode());
            case Symbol symbol -> writeString(0x0E, symbol.name());
            case CodeWithScope code -> {
                int start = size;
                writeInt32(0);
                writeString(0x0D, code.code());
                writeDocument(code.scope());
                setInt32(start, size - start);
                yield 0x0F;
            }
            case DbPointer pointer -> {
                writeString(0x02, pointer.namespace());
                writeBytes(pointer.id().toByteArray());
                yield 0x0C;
            }
            case Undefined _ -> 0x06;
            case MinKey _ -> 0xFF;
            case MaxKey _ -> 0x7F;
            default -> throw new IllegalArgumentException("No BSON type for " + value.getClass());
        };
    }

    private int writeLong(int type, long value) {
        writeInt64(value);
        return type;
    }

    private int writeBinary(int subtype, byte[] data) {
        writeInt32(data.length);
        writeByte(subtype);
        writeBytes(data);
        return 0x05;
    }

    private int writeString(int type, String value) {
        int start = size;
        writeInt32(0);
        writeCString(value);
        setInt32(start, size - start - 4);
        return type;
    }

    void writeCString(String value) {
        int length = value.length();
        ensure(length + 1);
        for (int i = 0; i < length; i++) {
            char c = value.charAt(i);
            if (c >= 0x80) {
                writeBytes(value.substring(i).getBytes(StandardCharsets.UTF_8));
                break;
            }
            out[size++] = (byte) c;
        }
        writeByte(0);
    }

    private void ensure(int more) {
        if (size + more > out.length) {
            out = Arrays.copyOf(out, Math.max(out.length * 2, size + more));
        }
    }
}
