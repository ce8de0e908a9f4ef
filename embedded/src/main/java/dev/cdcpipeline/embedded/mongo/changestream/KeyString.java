package dev.cdcpipeline.embedded.mongo.changestream;

import de.bwaldvogel.mongo.bson.BinData;
import de.bwaldvogel.mongo.bson.BsonTimestamp;
import de.bwaldvogel.mongo.bson.Decimal128;
import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.bson.MaxKey;
import de.bwaldvogel.mongo.bson.MinKey;
import de.bwaldvogel.mongo.bson.ObjectId;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Map;
import java.util.UUID;

/**
 * Writes values in the server's key-string form, in which resume tokens are encoded: bytes that
 * compare as the values do. Numbers that are no integers, and types that are rare in {@code _id},
 * are written in a shortened form; tokens stay unique and ordered by the fields before them. Not
 * thread-safe.
 */
final class KeyString {

    private static final int MIN_KEY = 0x0A;
    private static final int NULL = 0x14;
    private static final int NUMERIC = 0x1E;
    private static final int ZERO = 0x29;
    private static final int STRING = 0x3C;
    private static final int OBJECT = 0x46;
    private static final int BINARY = 0x5A;
    private static final int OBJECT_ID = 0x64;
    private static final int FALSE = 0x6E;
    private static final int TRUE = 0x6F;
    private static final int DATE = 0x78;
    private static final int TIMESTAMP = 0x82;
    private static final int MAX_KEY = 0xF0;
    private static final int END = 0x04;

    private final Bytes out = new Bytes();
    private final BitSet typeBits = new BitSet();
    private int typeBitCount;

    byte[] finish() {
        out.write(END);
        return out.toByteArray();
    }

    /** The number types that the bytes do not tell apart; null when all are int32. */
    @Nullable BinData typeBits() {
        if (typeBits.isEmpty()) {
            return null;
        }
        byte[] bits = Arrays.copyOf(typeBits.toByteArray(), (typeBitCount + 7) / 8);
        if (bits.length == 1 && bits[0] >= 0) {
            return new BinData(bits);
        }
        byte[] counted = new byte[bits.length + 1];
        counted[0] = (byte) (0x80 | bits.length);
        System.arraycopy(bits, 0, counted, 1, bits.length);
        return new BinData(counted);
    }

    private void addTypeBits(int bits, int count) {
        for (int i = 0; i < count; i++) {
            typeBits.set(typeBitCount++, (bits >> i & 1) == 1);
        }
    }

    KeyString add(@Nullable Object value) {
        switch (value) {
            case null -> out.write(NULL);
            case Integer number -> {
                addTypeBits(0, 2);
                addInteger(number);
            }
            case Long number -> {
                addTypeBits(0b10, 2);
                addInteger(number);
            }
            case Double number -> {
                addTypeBits(0b01, 2);
                addFraction(number);
            }
            case Decimal128 decimal -> {
                addTypeBits(0b11, 2);
                addTypeBits((int) (decimal.getHigh() >>> 49) & 0x3F, 6);
                addFraction(decimal.doubleValue());
            }
            case String string -> {
                addTypeBits(0, 1);
                addString(string);
            }
            case Document document -> addDocument(document);
            case Boolean bool -> out.write(bool ? TRUE : FALSE);
            case ObjectId id -> addBytes(OBJECT_ID, id.toByteArray());
            case UUID uuid -> {
                out.write(BINARY);
                out.write(16);
                out.write(4);
                out.writeLong(uuid.getMostSignificantBits());
                out.writeLong(uuid.getLeastSignificantBits());
            }
            case BinData binary -> addBinary(0, binary.getData());
            case Instant instant -> addLong(DATE, instant.toEpochMilli() ^ Long.MIN_VALUE);
            case BsonTimestamp timestamp -> addLong(TIMESTAMP, timestamp.getValue());
            case MinKey _ -> out.write(MIN_KEY);
            case MaxKey _ -> out.write(MAX_KEY);
            default -> out.write(NULL);
        }
        return this;
    }

    private void addLong(int type, long value) {
        out.write(type);
        out.writeLong(value);
    }

    private void addBytes(int type, byte[] bytes) {
        out.write(type);
        out.writeBytes(bytes);
    }

    private void addBinary(int subtype, byte[] bytes) {
        out.write(BINARY);
        if (bytes.length < 0xFF) {
            out.write(bytes.length);
        } else {
            addBytes(0xFF, ByteBuffer.allocate(4).putInt(bytes.length).array());
        }
        addBytes(subtype, bytes);
    }

    private void addInteger(long value) {
        if (value == 0) {
            out.write(ZERO);
            return;
        }
        long magnitude = Math.abs(value);
        int bytes = magnitude >= 1L << 55 ? 8 : (65 - Long.numberOfLeadingZeros(magnitude) + 7) / 8;
        long shifted = magnitude << 1;
        boolean negative = value < 0;
        out.write(negative ? ZERO - bytes - 1 : ZERO + bytes + 1);
        for (int i = bytes - 1; i >= 0; i--) {
            int octet = (int) (shifted >> (8 * i)) & 0xFF;
            out.write(negative ? ~octet & 0xFF : octet);
        }
    }

    private void addFraction(double value) {
        if (value == Math.rint(value) && Math.abs(value) < 1L << 53) {
            addInteger((long) value);
            return;
        }
        addLong(
                value < 0 ? ZERO - 9 : ZERO + 9,
                Double.doubleToLongBits(value) ^ (value < 0 ? -1L : 0L));
    }

    private void addString(String value) {
        out.write(STRING);
        for (byte octet : value.getBytes(StandardCharsets.UTF_8)) {
            out.write(octet);
            if (octet == 0) {
                out.write(0xFF);
            }
        }
        out.write(0);
    }

    private void addDocument(Document document) {
        out.write(OBJECT);
        for (Map.Entry<String, Object> field : document.entrySet()) {
            out.write(type(field.getValue()));
            out.writeBytes(field.getKey().getBytes(StandardCharsets.UTF_8));
            out.write(0);
            add(field.getValue());
        }
        out.write(0);
    }

    /** Bytes that grow; without the locks of ByteArrayOutputStream. */
    private static final class Bytes {

        private byte[] bytes = new byte[128];
        private int size;

        void write(int octet) {
            if (size == bytes.length) {
                bytes = Arrays.copyOf(bytes, size * 2);
            }
            bytes[size++] = (byte) octet;
        }

        void writeLong(long value) {
            for (int shift = 56; shift >= 0; shift -= 8) {
                write((int) (value >> shift));
            }
        }

        void writeBytes(byte[] octets) {
            for (byte octet : octets) {
                write(octet);
            }
        }

        byte[] toByteArray() {
            return Arrays.copyOf(bytes, size);
        }
    }

    private static int type(@Nullable Object value) {
        return switch (value) {
            case Number _ -> NUMERIC;
            case String _ -> STRING;
            case Document _ -> OBJECT;
            case Boolean _ -> FALSE;
            case ObjectId _ -> OBJECT_ID;
            case UUID _, BinData _ -> BINARY;
            case Instant _ -> DATE;
            case BsonTimestamp _ -> TIMESTAMP;
            case MinKey _ -> MIN_KEY;
            case MaxKey _ -> MAX_KEY;
            case null, default -> NULL;
        };
    }
}
